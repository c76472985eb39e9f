"""Identity providers (OpenID Connect): their keys over HTTPS, and tokens checked by them."""
