package dev.usher.provisioning;

import dev.usher.provisioning.intake.ReplayCommandLine;
import dev.usher.provisioning.provision.Probing;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.BeansException;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;

/** Starts the service, or runs the command that the first argument names. */
@SpringBootApplication
public class UsherApplication {

  private static final String PROBE = "probe";

  static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    List<String> arguments = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
    switch (args.length == 0 ? "" : args[0]) {
      case PROBE -> {
        // What goes wrong, the probe says itself.
        Stream<String> quietly = Stream.of("--logging.level.root=off");
        System.exit(probe(Stream.concat(quietly, arguments.stream()).toList(), out));
      }
      case ReplayCommandLine.COMMAND -> System.exit(new ReplayCommandLine(out).run(arguments));
      default -> SpringApplication.run(UsherApplication.class, args);
    }
  }

  /** With what reaches services, and neither Kafka nor a database. */
  static int probe(List<String> arguments, PrintStream out) {
    List<String> settings = arguments.stream().filter(each -> each.startsWith("--")).toList();
    List<String> names = arguments.stream().filter(each -> !each.startsWith("--")).toList();
    SpringApplication application = new SpringApplication();
    application.setSources(
        Set.of(
            ClockConfiguration.class.getName(),
            UsherApplication.class.getPackageName() + ".tenant.TenantConfiguration",
            Probing.class.getPackageName() + ".ConnectorsConfiguration"));
    application.setMainApplicationClass(UsherApplication.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    try (ConfigurableApplicationContext context =
        application.run(settings.toArray(String[]::new))) {
      return context.getBean(Probing.class).run(names, out);
    } catch (BeansException e) {
      out.println(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
      return 1;
    }
  }
}
