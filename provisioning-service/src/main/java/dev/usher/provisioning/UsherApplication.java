package dev.usher.provisioning;

import dev.usher.provisioning.intake.ReplayCommandLine;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service, or runs the command that the first argument names. */
@SpringBootApplication
public class UsherApplication {

  static void main(String[] args) {
    if (args.length > 0 && args[0].equals(ReplayCommandLine.COMMAND)) {
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      System.exit(new ReplayCommandLine(out).run(List.of(args).subList(1, args.length)));
    }
    SpringApplication.run(UsherApplication.class, args);
  }
}
