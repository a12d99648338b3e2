"""What operators use beside the messages: unread counts, notes, labels, canned replies, presence, search."""
