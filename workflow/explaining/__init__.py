"""What is wrong with data that a model refused, said in our own messages at its place."""
