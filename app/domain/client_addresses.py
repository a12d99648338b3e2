"""The addresses that clients call from."""

from ipaddress import IPv6Address, ip_address

_CUSTOMER_BITS = 64


def client_network(address: str) -> str:
    """The address as it is counted: an IPv6 address stands for its /64, all of which one customer has (RFC 6177).

    An IPv4 address that is written as an IPv6 one is the IPv4 address; what is no address stays as it is.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    rest = 128 - _CUSTOMER_BITS
    return f"{IPv6Address(int(parsed) >> rest << rest)}/{_CUSTOMER_BITS}"
