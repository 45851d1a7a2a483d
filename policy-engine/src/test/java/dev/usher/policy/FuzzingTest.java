package dev.usher.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Whatever the bytes: no exception, and a bounded effort. The build tries the kept inputs;
 * `JAZZER_FUZZ=1 ./mvnw -pl policy-engine test -Dtest=FuzzingTest#tenantFile` searches for more,
 * one method at a time.
 */
class FuzzingTest {
  @FuzzTest(maxDuration = "60s")
  void tenantFile(byte[] bytes) {
    load(new String(bytes, StandardCharsets.UTF_8));
    load(Acme.tenant("- permit: a\n  ") + new String(bytes, StandardCharsets.UTF_8));
  }

  @FuzzTest(maxDuration = "60s")
  void expression(byte[] bytes) {
    String quoted = new String(bytes, StandardCharsets.UTF_8).replace("'", "''");
    load(Acme.tenant("- permit: a\n  when: '" + quoted.replace('\n', ' ') + "'"));
  }

  @FuzzTest(maxDuration = "60s")
  void email(byte[] bytes) {
    if (EmailAddress.parse(new String(bytes, StandardCharsets.UTF_8)) instanceof EmailAddress e) {
      assertThat(EmailAddress.parse(e.toString())).isEqualTo(e);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void address(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    IpAddress address = IpAddress.parse(text);
    if (address != null) {
      assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
    }
    Network.parse(text);
  }

  static void load(String text) {
    LoadResult result = PolicySet.load(List.of(new TenantSource("f.yaml", text)));
    assertThat(result.problems()).hasSizeLessThan(1_001).isSorted();
    result.problems().forEach(p -> assertThat(p.toString()).hasSizeLessThan(5_000));
  }
}
