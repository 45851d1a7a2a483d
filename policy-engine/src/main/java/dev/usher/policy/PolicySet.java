package dev.usher.policy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The join policies of all tenants, compiled. Immutable and safe to share between threads: to
 * change a policy, load a new set and swap the reference.
 */
public final class PolicySet {
  private static final long LARGEST_FILE = 4L * YamlText.LONGEST;

  private final String revision;
  private final List<Tenant> tenants;
  private final Map<String, Admitted> issuers;

  /** Where an issuer's word leads. */
  private record Admitted(TenantPolicy tenant, Index index, Trust trust) {}

  private PolicySet(String revision, List<TenantPolicy> policies) {
    this.revision = revision;
    this.tenants = policies.stream().map(TenantPolicy::tenant).toList();
    Map<String, Admitted> byIss = new HashMap<>();
    for (TenantPolicy policy : policies) {
      Index index = new Index(policy);
      for (Trust trust : policy.trusts()) {
        byIss.put(trust.issuer().iss(), new Admitted(policy, index, trust));
      }
    }
    this.issuers = Map.copyOf(byIss);
  }

  /**
   * Loads every tenant file of a directory: `*.yaml` but not `*.test.yaml`, not of its
   * subdirectories. A file that cannot be read is a problem like any other.
   */
  public static LoadResult load(Path directory) {
    List<TenantSource> sources = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.yaml")) {
      for (Path file : files) {
        if (!file.getFileName().toString().endsWith(".test.yaml")) {
          read(file, sources, problems);
        }
      }
    } catch (IOException e) {
      problems.add(unreadable(directory.toString(), "cannot be read as a directory"));
    }
    if (sources.isEmpty() && problems.isEmpty()) {
      problems.add(unreadable(directory.toString(), "has no tenant file; expected some `*.yaml`"));
    }
    return load(sources, problems);
  }

  private static void read(Path file, List<TenantSource> sources, List<Problem> problems) {
    String name = file.getFileName().toString();
    try {
      if (Files.size(file) > LARGEST_FILE) {
        problems.add(unreadable(name, "the file is larger than 4 MiB"));
      } else {
        sources.add(new TenantSource(name, Files.readString(file)));
      }
    } catch (CharacterCodingException e) {
      problems.add(unreadable(name, "the file is not text in UTF-8"));
    } catch (IOException e) {
      problems.add(unreadable(name, "the file cannot be read"));
    }
  }

  private static Problem unreadable(String name, String message) {
    return new Problem(name, 1, 1, message, Problem.Severity.ERROR);
  }

  /** Loads tenant files that are already in memory; no file is no tenant. */
  public static LoadResult load(List<TenantSource> sources) {
    return load(sources, new ArrayList<>());
  }

  private static LoadResult load(List<TenantSource> unsorted, List<Problem> problems) {
    List<TenantSource> sources =
        unsorted.stream().sorted(Comparator.comparing(TenantSource::name)).toList();
    List<TenantReader.Read> read = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (TenantSource source : sources) {
      Problems found = new Problems(source.name());
      if (!names.add(source.name())) {
        found.error(Place.START, "two files are called `%s`", source.name());
      }
      TenantReader.Read tenant = TenantReader.read(source, found);
      if (tenant != null) {
        read.add(tenant);
      }
      problems.addAll(found.all());
    }
    Claims.check(read, problems);
    problems.sort(null);
    boolean refused = problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
    if (refused) {
      return new LoadResult.Refused(problems);
    }
    List<TenantPolicy> policies = read.stream().map(TenantReader.Read::policy).toList();
    return new LoadResult.Loaded(new PolicySet(revision(sources), policies), problems);
  }

  private static String revision(List<TenantSource> sources) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (TenantSource source : sources) {
        for (String part : List.of(source.name(), source.text())) {
          byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
          digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
          digest.update(bytes);
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What the set was made from: 12 hexadecimal digits of a hash over all names and texts. */
  public String revision() {
    return revision;
  }

  /** All tenants, sorted by file name. */
  public List<Tenant> tenants() {
    return tenants;
  }

  /**
   * The issuer of that `iss`, which belongs to one tenant.
   *
   * @param iss compared exactly
   */
  public Optional<Issuer> issuer(String iss) {
    return Optional.ofNullable(issuers.get(iss)).map(admitted -> admitted.trust().issuer());
  }

  /** Decides for all services of the issuer's tenant. */
  public Decisions decide(Facts facts) {
    Admitted admitted = admitted(facts);
    Passage passage = Gates.pass(facts, admitted == null ? null : admitted.trust());
    if (admitted == null) {
      return new Decisions(revision, null, null, passage, null);
    }
    return new Decisions(
        revision,
        admitted.tenant(),
        admitted.trust().issuer(),
        passage,
        admitted.index().decide(passage));
  }

  /**
   * Decides for one service of the issuer's tenant.
   *
   * @return empty if no tenant has the issuer, or the tenant has no such service: then nothing
   *     permits
   */
  public Optional<Decision> decide(Facts facts, String service) {
    Admitted admitted = admitted(facts);
    ServicePolicy policy = admitted == null ? null : policy(admitted.tenant(), service);
    if (admitted == null || policy == null) {
      return Optional.empty();
    }
    Passage passage = Gates.pass(facts, admitted.trust());
    return Optional.of(decide(admitted.tenant(), policy, passage));
  }

  /**
   * Decides for one service and says why, rule by rule.
   *
   * @return empty if no tenant has the issuer, or the tenant has no such service
   */
  public Optional<Explanation> explain(Facts facts, String service) {
    Admitted admitted = admitted(facts);
    ServicePolicy policy = admitted == null ? null : policy(admitted.tenant(), service);
    if (admitted == null || policy == null) {
      return Optional.empty();
    }
    Passage passage = Gates.pass(facts, admitted.trust());
    Decision decision = decide(admitted.tenant(), policy, passage);
    return Optional.of(Explaining.explain(admitted.tenant(), policy, passage, decision));
  }

  private @Nullable Admitted admitted(Facts facts) {
    String iss = facts.issuer();
    return iss == null ? null : issuers.get(iss);
  }

  private static @Nullable ServicePolicy policy(TenantPolicy tenant, String service) {
    for (ServicePolicy policy : tenant.services()) {
      if (policy.service().id().equals(service)) {
        return policy;
      }
    }
    return null;
  }

  private static Decision decide(TenantPolicy tenant, ServicePolicy policy, Passage passage) {
    return switch (passage) {
      case Passage.Stopped(Reason reason) -> policy.refusal(reason);
      case Sighting sighting -> Interpreter.decide(tenant, policy, sighting);
    };
  }

  @Override
  public String toString() {
    return "PolicySet " + revision + " of " + Objects.toString(tenants.size()) + " tenants";
  }
}
