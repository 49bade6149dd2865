"""What lies beside the program on a server: installer, systemd unit, containers, reverse proxy, certificates."""
