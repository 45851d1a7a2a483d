package dev.usher.provisioning.store;

/** The database cannot be reached now, or did not answer. What was asked may have been done. */
public final class StoreUnavailableException extends RuntimeException {

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
