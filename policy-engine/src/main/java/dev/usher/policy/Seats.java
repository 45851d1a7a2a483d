package dev.usher.policy;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * A service's paid licences.
 *
 * @param cap the most accounts there may be, at least 0; empty where there is no cap
 * @param price what one costs; empty where the file does not say
 * @param billedOn when the service starts to bill one
 */
public record Seats(Optional<Integer> cap, Optional<Price> price, BilledOn billedOn) {
  /** No cap, no price, billed on creation. */
  public static final Seats UNLIMITED =
      new Seats(Optional.empty(), Optional.empty(), BilledOn.CREATION);

  /**
   * A price, written `8.75 USD/month`.
   *
   * @param amount at least 0
   * @param currency the ISO 4217 code
   * @param period `month` or `year`
   */
  public record Price(BigDecimal amount, String currency, String period) {
    @Override
    public String toString() {
      return amount.toPlainString() + " " + currency + "/" + period;
    }
  }
}
