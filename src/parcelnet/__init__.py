"""Where the parcel network comes from: a renderer of labelled scenes, the training recipe, the export, the model card.

Nothing here is needed to run sixfaces, and sixfaces never imports it. Start reading at `scene`.
"""
