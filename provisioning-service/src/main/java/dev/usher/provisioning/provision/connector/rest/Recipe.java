package dev.usher.provisioning.provision.connector.rest;

import dev.usher.policy.Connector;
import dev.usher.provisioning.provision.connector.Capabilities;
import dev.usher.provisioning.provision.connector.Capabilities.OnExisting;
import java.util.List;
import java.util.Map;

/**
 * How accounts are made and kept in a service of one kind.
 *
 * @param file as it was read, for its address and its limits
 * @param settings what a tenant's file says to it, by name
 * @param headers of each request
 * @param tasks the requests of each, in their order
 */
record Recipe(
    Connector file,
    OnExisting onExisting,
    boolean keepsExternalId,
    boolean verifiesEmails,
    String mediaType,
    Map<String, Setting> settings,
    Map<String, Template> headers,
    Map<Task, List<Step>> tasks) {

  Capabilities capabilities() {
    return new Capabilities(
        onExisting,
        keepsExternalId,
        verifiesEmails,
        steps(Task.CREATE).stream()
            .flatMap(step -> step.rules().stream())
            .anyMatch(rule -> rule.is() == Meaning.INVITED),
        Task.operations(tasks.keySet()));
  }

  List<Step> steps(Task task) {
    return tasks.getOrDefault(task, List.of());
  }

  /** Whether the service is told of groups there. */
  boolean tellsGroups(Task task) {
    return steps(task).stream()
        .anyMatch(
            step ->
                (step.body() != null && step.body().names().contains(Word.ACCOUNT_GROUPS.text()))
                    || step.form().values().stream()
                        .anyMatch(each -> each.names().contains(Word.ACCOUNT_GROUPS.text())));
  }
}
