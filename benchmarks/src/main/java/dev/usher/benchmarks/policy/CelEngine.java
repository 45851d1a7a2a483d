package dev.usher.benchmarks.policy;

import dev.cel.common.CelException;
import dev.cel.common.CelOptions;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.Program;
import dev.usher.benchmarks.policy.Company.SignIn;
import java.util.Map;

/**
 * CEL alone: every rule a program of the planning runtime, compiled once; networks compared as
 * integers, which is faster than any function on addresses.
 */
final class CelEngine implements Engine {
  private final Program[][] permits = new Program[Company.SERVICES][];
  private final Program[] forbids = new Program[Company.SERVICES];

  CelEngine() {
    CelOptions options = CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
    CelCompiler compiler =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(options)
            .addVar("domain", SimpleType.STRING)
            .addVar("groups", ListType.create(SimpleType.STRING))
            .addVar("ip", SimpleType.INT)
            .addVar("mfa", SimpleType.BOOL)
            .setResultType(SimpleType.BOOL)
            .build();
    CelRuntime runtime = CelRuntimeFactory.plannerRuntimeBuilder().setOptions(options).build();
    for (int s = 0; s < Company.SERVICES; s++) {
      String group = Company.ownGroup(s);
      String own =
          "domain == \"%s\"".formatted(Company.domain(0))
              + (group.isEmpty() ? "" : " && \"%s\" in groups".formatted(group));
      String partners =
          "domain == \"%s\" && ip / 65536 == %d && \"%s\" in groups"
              .formatted(Company.partner(), 10 * 256 + s, Company.partnerGroup(s));
      permits[s] =
          new Program[] {program(compiler, runtime, own), program(compiler, runtime, partners)};
      forbids[s] = program(compiler, runtime, "\"interns\" in groups && !mfa");
    }
  }

  private static Program program(CelCompiler compiler, CelRuntime runtime, String text) {
    try {
      return runtime.createProgram(compiler.compile(text).getAst());
    } catch (CelException e) {
      throw new IllegalStateException(text, e);
    }
  }

  @Override
  public long decide(SignIn signIn) {
    Map<String, Object> facts =
        Map.of(
            "domain",
            signIn.domain(),
            "groups",
            signIn.groups(),
            "ip",
            signIn.ipBits(),
            "mfa",
            signIn.mfa());
    long permitted = 0;
    for (int s = 0; s < Company.SERVICES; s++) {
      if (!holds(forbids[s], facts)
          && (holds(permits[s][0], facts) || holds(permits[s][1], facts))) {
        permitted |= 1L << s;
      }
    }
    return permitted;
  }

  private static boolean holds(Program program, Map<String, Object> facts) {
    try {
      return (Boolean) program.eval(facts);
    } catch (CelException e) {
      throw new IllegalStateException(e);
    }
  }
}
