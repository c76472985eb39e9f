"""Webhooks: events written into an outbox with what they tell of, and sent from there until they have arrived."""
