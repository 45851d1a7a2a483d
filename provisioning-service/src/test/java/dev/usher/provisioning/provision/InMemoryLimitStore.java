package dev.usher.provisioning.provision;

import dev.usher.provisioning.tenant.ServiceKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A store of limits for tests that need no database; it keeps the same contract. */
final class InMemoryLimitStore implements LimitStore {

  private final Map<ServiceKey, Used> all = new ConcurrentHashMap<>();

  @Override
  public Used read(ServiceKey service) {
    return all.getOrDefault(service, Used.NOTHING);
  }

  @Override
  public boolean write(ServiceKey service, Used next) {
    boolean[] written = {false};
    all.compute(
        service,
        (_, before) -> {
          if ((before == null ? 0 : before.version()) != next.version() - 1) {
            return before;
          }
          written[0] = true;
          return next;
        });
    return written[0];
  }
}
