"""The sweep: whom a policy would hit if one or two of its thresholds stood elsewhere."""
