"""One file a document: publicity, training, the annual return, and the review pack for people inside."""
