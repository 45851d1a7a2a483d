package dev.usher.benchmarks.policy;

import com.googlecode.aviator.runtime.function.FunctionUtils;
import com.googlecode.aviator.runtime.type.AviatorBoolean;
import com.googlecode.aviator.runtime.type.AviatorObject;
import dev.usher.benchmarks.policy.Company.SignIn;
import java.util.List;
import java.util.Map;
import org.casbin.jcasbin.main.Enforcer;
import org.casbin.jcasbin.model.Model;
import org.casbin.jcasbin.util.function.CustomFunction;

/**
 * jCasbin: an enforcer for each service, so that each looks at three policies and not at all of
 * them; its own `ipMatch` for networks, a function for groups.
 */
final class CasbinEngine implements Engine {
  private static final String MODEL =
      """
      [request_definition]
      r = domain, ip, groups, mfa
      [policy_definition]
      p = domain, network, group, mfa, eft
      [policy_effect]
      e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
      [matchers]
      m = (p.domain == "*" || r.domain == p.domain) && (p.group == "*" || has(r.groups, p.group)) && (p.mfa == "*" || r.mfa == p.mfa) && (p.network == "*" || ipMatch(r.ip, p.network))
      """;

  private final Enforcer[] enforcers = new Enforcer[Company.SERVICES];

  /** Whether a list has an element. */
  private static final class Has extends CustomFunction {
    @Override
    public AviatorObject call(Map<String, Object> env, AviatorObject list, AviatorObject element) {
      List<?> values = (List<?>) FunctionUtils.getJavaObject(list, env);
      return AviatorBoolean.valueOf(values.contains(FunctionUtils.getStringValue(element, env)));
    }

    @Override
    public String getName() {
      return "has";
    }
  }

  CasbinEngine() {
    for (int s = 0; s < Company.SERVICES; s++) {
      Enforcer enforcer = new Enforcer(Model.newModelFromString(MODEL));
      enforcer.enableLog(false);
      enforcer.addFunction("has", new Has());
      String group = Company.ownGroup(s).isEmpty() ? "*" : Company.ownGroup(s);
      enforcer.addPolicy(Company.domain(0), "*", group, "*", "allow");
      enforcer.addPolicy(
          Company.partner(), Company.network(s), Company.partnerGroup(s), "*", "allow");
      enforcer.addPolicy("*", "*", "interns", "no", "deny");
      enforcers[s] = enforcer;
    }
  }

  @Override
  public long decide(SignIn signIn) {
    String mfa = signIn.mfa() ? "yes" : "no";
    long permitted = 0;
    for (int s = 0; s < Company.SERVICES; s++) {
      if (enforcers[s].enforce(signIn.domain(), signIn.ip(), signIn.groups(), mfa)) {
        permitted |= 1L << s;
      }
    }
    return permitted;
  }
}
