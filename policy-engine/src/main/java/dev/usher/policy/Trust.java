package dev.usher.policy;

import java.util.List;

/**
 * What is taken on an issuer's word.
 *
 * @param vouched domains for which an absent `email_verified` counts as true
 * @param proxies networks whose word on the next hop is taken
 */
record Trust(Issuer issuer, List<DomainPattern> vouched, List<Network> proxies) {
  Trust {
    vouched = List.copyOf(vouched);
    proxies = List.copyOf(proxies);
  }

  boolean vouchesFor(String domain) {
    for (int i = 0; i < vouched.size(); i++) {
      if (vouched.get(i).matches(domain)) {
        return true;
      }
    }
    return false;
  }

  boolean isProxy(IpAddress address) {
    for (int i = 0; i < proxies.size(); i++) {
      if (proxies.get(i).contains(address)) {
        return true;
      }
    }
    return false;
  }
}
