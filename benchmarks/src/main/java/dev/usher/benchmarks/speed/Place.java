package dev.usher.benchmarks.speed;

import java.nio.file.Path;

/**
 * Where a contender finds its neighbours, and what there is its own: topics, group, database, and
 * its part of the SaaS.
 *
 * @param name also the name of its group and its database
 * @param folder for its files and its log
 */
record Place(
    String name,
    String bootstrapServers,
    String registryUrl,
    String databaseUri,
    String saasUrl,
    String signIns,
    int partitions,
    Path folder) {

  String created() {
    return name + "-created";
  }

  String changed() {
    return name + "-changed";
  }

  String group() {
    return name;
  }

  /** Which part of the SaaS is its own, for one of its services. */
  String saasTenant(int service) {
    return name + "-" + service;
  }

  String saasUrl(int service) {
    return saasUrl + "/" + saasTenant(service);
  }
}
