package dev.usher.provisioning.provision.connector.rest;

import dev.cel.common.values.NullValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON as expressions see it, and what they give as JSON. */
final class Values {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Values() {}

  /** For an expression, which has a null of its own. */
  static Object orNull(@Nullable Object value) {
    return value == null ? NullValue.NULL_VALUE : value;
  }

  static Object of(@Nullable JsonNode node) {
    return switch (node) {
      case null -> NullValue.NULL_VALUE;
      case ObjectNode object -> {
        Map<String, Object> map = new LinkedHashMap<>();
        object.properties().forEach(entry -> map.put(entry.getKey(), of(entry.getValue())));
        yield map;
      }
      case ArrayNode array -> {
        List<Object> list = new ArrayList<>();
        array.forEach(each -> list.add(of(each)));
        yield list;
      }
      case JsonNode text when text.isString() -> text.stringValue();
      case JsonNode truth when truth.isBoolean() -> truth.booleanValue();
      case JsonNode number when number.isIntegralNumber() && number.canConvertToLong() ->
          number.longValue();
      // Some ids are longer than that, and none may lose its end.
      case JsonNode number when number.isIntegralNumber() -> number.asString();
      case JsonNode number when number.isNumber() -> number.doubleValue();
      case JsonNode _ -> NullValue.NULL_VALUE;
    };
  }

  /** As it is sent; what is null is left out. */
  static JsonNode json(Object value) throws UnclearException {
    return switch (value) {
      case Map<?, ?> map -> {
        ObjectNode object = JSON.objectNode();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          if (isThere(entry.getValue())) {
            object.set(String.valueOf(entry.getKey()), json(entry.getValue()));
          }
        }
        yield object;
      }
      case List<?> list -> {
        ArrayNode array = JSON.arrayNode();
        for (Object each : list) {
          if (isThere(each)) {
            array.add(json(each));
          }
        }
        yield array;
      }
      case String text -> JSON.stringNode(text);
      case Boolean truth -> JSON.booleanNode(truth);
      case Long number -> JSON.numberNode(number);
      case Double number when Double.isFinite(number) -> JSON.numberNode(number);
      case Instant time -> JSON.stringNode(time.toString());
      case Object other ->
          throw new UnclearException(
              "`body` holds a %s, which JSON has not".formatted(other.getClass().getSimpleName()));
    };
  }

  private static boolean isThere(@Nullable Object value) {
    return value != null && !(value instanceof NullValue);
  }
}
