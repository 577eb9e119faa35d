"""The post room: what came in, what goes out, and between whom. It carries messages and never reads them."""
