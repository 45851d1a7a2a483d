package dev.usher.provisioning;

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

/** Starts the service; or, with the argument {@code probe}, asks services whether they work. */
@SpringBootApplication
public class UsherApplication {

  private static final String PROBE = "probe";

  static void main(String[] args) {
    if (args.length > 0 && args[0].equals(PROBE)) {
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      // What goes wrong, the probe says itself.
      Stream<String> quietly = Stream.of("--logging.level.root=off");
      System.exit(probe(Stream.concat(quietly, Arrays.stream(args).skip(1)).toList(), out));
    }
    SpringApplication.run(UsherApplication.class, args);
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
