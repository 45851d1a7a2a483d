package dev.usher.benchmarks.policy;

import com.cedarpolicy.AuthorizationEngine;
import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.AuthorizationResponse;
import com.cedarpolicy.model.Context;
import com.cedarpolicy.model.entity.Entities;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.InternalException;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.IpAddress;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import dev.usher.benchmarks.policy.Company.SignIn;
import java.util.List;
import java.util.Map;

/**
 * Cedar through its Java binding: a policy set for each service, parsed once and kept by `cache()`,
 * which is the binding's fastest documented way.
 */
final class CedarEngine implements Engine {
  private final AuthorizationEngine engine = new BasicAuthorizationEngine();
  private final PolicySet[] policies = new PolicySet[Company.SERVICES];
  private final EntityUID[] services = new EntityUID[Company.SERVICES];
  private final EntityUID join = type("Action").of("join");
  private final EntityTypeName person = type("Person");
  private final Entities none = new Entities();

  CedarEngine() {
    PolicySet.setCacheMaxPolicySets(2 * Company.SERVICES);
    for (int s = 0; s < Company.SERVICES; s++) {
      services[s] = type("Service").of("s" + s);
      policies[s] = parsed(s);
    }
  }

  private static EntityTypeName type(String name) {
    return EntityTypeName.parse(name).orElseThrow();
  }

  private static PolicySet parsed(int service) {
    String group = Company.ownGroup(service);
    String text =
        """
        permit(principal, action, resource) when { context.domain == "%s"%s };
        permit(principal, action, resource) when {
          context.domain == "%s" && context.groups.contains("%s")
            && context.ip.isInRange(ip("%s")) };
        forbid(principal, action, resource) when {
          context.groups.contains("interns") && !context.mfa };
        """
            .formatted(
                Company.domain(0),
                group.isEmpty() ? "" : " && context.groups.contains(\"" + group + "\")",
                Company.partner(),
                Company.partnerGroup(service),
                Company.network(service));
    try {
      PolicySet set = PolicySet.parsePolicies(text);
      set.cache();
      return set;
    } catch (InternalException | com.cedarpolicy.model.exception.CacheException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public long decide(SignIn signIn) {
    List<Value> groups =
        signIn.groups().stream().map(PrimString::new).map(Value.class::cast).toList();
    Map<String, Value> facts =
        Map.of(
            "domain",
            new PrimString(signIn.domain()),
            "ip",
            new IpAddress(signIn.ip()),
            "groups",
            new CedarList(groups),
            "mfa",
            new PrimBool(signIn.mfa()));
    Context context = new Context(facts);
    EntityUID who = person.of("person");
    long permitted = 0;
    for (int s = 0; s < Company.SERVICES; s++) {
      permitted |=
          isAllowed(new AuthorizationRequest(who, join, services[s], context), s) ? 1L << s : 0;
    }
    return permitted;
  }

  private boolean isAllowed(AuthorizationRequest request, int service) {
    try {
      AuthorizationResponse response = engine.isAuthorized(request, policies[service], none);
      return response.success.orElseThrow().isAllowed();
    } catch (AuthException e) {
      throw new IllegalStateException(e);
    }
  }
}
