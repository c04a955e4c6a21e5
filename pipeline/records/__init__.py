"""What the organisation holds on record: registers, the audit trail, its secret."""
