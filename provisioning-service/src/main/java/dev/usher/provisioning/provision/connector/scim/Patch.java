package dev.usher.provisioning.provision.connector.scim;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a PATCH carries (section 3.5.2 of RFC 7644). */
final class Patch {

  private static final String SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

  private Patch() {}

  static ObjectNode of(ArrayNode operations) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putArray("schemas").add(SCHEMA);
    patch.set("Operations", operations);
    return patch;
  }

  static ArrayNode none() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static ArrayNode activation(boolean active) {
    ArrayNode operations = none();
    operations.addObject().put("op", "replace").put("path", Resource.ACTIVE).put("value", active);
    return operations;
  }

  /** Makes a user a member (of a group). */
  static ArrayNode member(String userId) {
    ArrayNode operations = none();
    operations
        .addObject()
        .put("op", "add")
        .put("path", "members")
        .putArray("value")
        .addObject()
        .put("value", userId);
    return operations;
  }
}
