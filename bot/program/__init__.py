"""Other programs as a channel: consultations that are begun, told and forgotten over HTTP by who has their secret id."""
