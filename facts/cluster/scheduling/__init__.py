"""Why a Pod fits no node, computed from the nodes, what runs on them, and what the Pod asks for."""
