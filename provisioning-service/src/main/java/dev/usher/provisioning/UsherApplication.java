package dev.usher.provisioning;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service. */
@SpringBootApplication
public class UsherApplication {

  static void main(String[] args) {
    SpringApplication.run(UsherApplication.class, args);
  }
}
