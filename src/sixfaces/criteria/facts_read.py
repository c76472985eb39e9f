"""Which kinds of facts rules read, so that an archive knows what it may leave out.

A test holds this table against the rules' own code.
"""

FACTS_READ = frozenset(
    {
        *("absence", "break", "capture_time", "challenge", "code", "container", "continuity", "decode", "defect_match"),
        *("edit_list", "face", "fingerprint", "identity", "inspection", "item", "packed_box", "packed_item", "parcel"),
        *("provenance", "quantity", "recapture", "seal", "stage", "take", "text", "tool_tag", "unmeasured"),
        *("usability", "weight"),
    }
)
