package dev.usher.provisioning.provision.connector.scim;

import dev.usher.provisioning.provision.connector.ConnectorContract;
import dev.usher.provisioning.provision.connector.Subject;
import dev.usher.provisioning.provision.connector.scim.ScimSubject.Server;
import dev.usher.sandbox.Saas;
import java.util.List;
import java.util.stream.Stream;

/** SCIM against servers that we did not write. */
class ScimConformanceTest extends ConnectorContract {

  private static final String NOT_CREATED =
      "the profile does not say `re-read-after-create`, so a 201 is believed";

  @Override
  protected String table() {
    return "scim";
  }

  @Override
  protected List<Subject> subjects() {
    return Stream.of(
            sandbox("generic"),
            sandbox("generic", "create: conflicts", "re-read-after-create: true"),
            sandbox("generic", "updates: put", "etags: sent", "filters: []"),
            sandbox("slack"))
        .map(Subject.class::cast)
        .toList();
  }

  private static ScimSubject sandbox(String profile, String... settings) {
    Saas saas = Saas.start();
    ScimSubject subject =
        new ScimSubject(new Server("SCIM-SDK", saas.url(), saas::token, true), profile, settings)
            .failing(saas.faults())
            .closing(saas);
    return List.of(settings).contains("re-read-after-create: true")
        ? subject
        : subject.without(Case.NOT_CREATED, NOT_CREATED);
  }
}
