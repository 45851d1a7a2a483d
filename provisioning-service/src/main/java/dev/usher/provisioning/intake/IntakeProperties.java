package dev.usher.provisioning.intake;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How records are taken in.
 *
 * @param maxRecordSize a larger record goes to the dead letters unread
 * @param unknownSchemaPatience how long a schema id is asked for before its records are given up
 * @param longestWait how long to wait at most before what cannot be done now is tried again
 * @param deadLetterTimeout how long Kafka may take to acknowledge a dead letter
 * @param deadLetterMaxSize the largest dead letter; the dead-letter topics must take as much
 */
@ConfigurationProperties("usher.intake")
record IntakeProperties(
    @DefaultValue("256KB") DataSize maxRecordSize,
    @DefaultValue("30s") Duration unknownSchemaPatience,
    @DefaultValue("5s") Duration longestWait,
    @DefaultValue("10s") Duration deadLetterTimeout,
    @DefaultValue("16MB") DataSize deadLetterMaxSize) {

  IntakeProperties {
    if (maxRecordSize.toBytes() < 1) {
      throw new IllegalArgumentException(
          "`usher.intake.max-record-size` is `" + maxRecordSize + "`; expected at least 1 byte");
    }
    if (unknownSchemaPatience.isNegative()
        || !longestWait.isPositive()
        || !deadLetterTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "`usher.intake.longest-wait` and `dead-letter-timeout` must be more than 0, `unknown-schema-patience` 0 or more");
    }
  }
}
