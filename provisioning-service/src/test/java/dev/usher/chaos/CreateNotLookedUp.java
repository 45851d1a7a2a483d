package dev.usher.chaos;

import dev.usher.policy.Problem;
import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Capabilities;
import dev.usher.provisioning.provision.connector.Change;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Connectors;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.Probe;
import dev.usher.provisioning.tenant.Secrets;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A bug: where an account may be there already, nobody looks, as if the service had said that
 * nothing is. Only at the service that lets two accounts have one name; elsewhere it would not
 * show.
 */
@Configuration(proxyBeanMethods = false)
class CreateNotLookedUp {

  @Bean
  static BeanPostProcessor blindingConnectors() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof Connectors connectors ? new BlindConnectors(connectors) : bean;
      }
    };
  }

  private record BlindConnectors(Connectors seeing) implements Connectors {
    @Override
    public String type() {
      return seeing.type();
    }

    @Override
    public List<String> settings() {
      return seeing.settings();
    }

    @Override
    public List<Problem> problems(Service service) {
      return seeing.problems(service);
    }

    @Override
    public Limits limits(Service service) {
      return seeing.limits(service);
    }

    @Override
    public Connector connect(Service service, Limits limits, Secrets secrets, InstantSource clock) {
      Connector connector = seeing.connect(service, limits, secrets, clock);
      return service.id().equals(Cast.CARELESS) ? new Blind(connector) : connector;
    }
  }

  private record Blind(Connector seeing) implements Connector {
    @Override
    public Lookup find(DesiredAccount account, Deadline deadline) {
      return new Lookup.Absent();
    }

    @Override
    public Capabilities capabilities() {
      return seeing.capabilities();
    }

    @Override
    public Creation create(DesiredAccount account, Deadline deadline) {
      return seeing.create(account, deadline);
    }

    @Override
    public Lookup read(String id, DesiredAccount account, Deadline deadline) {
      return seeing.read(id, account, deadline);
    }

    @Override
    public Change update(String id, DesiredAccount account, Deadline deadline) {
      return seeing.update(id, account, deadline);
    }

    @Override
    public Change suspend(String id, DesiredAccount account, Deadline deadline) {
      return seeing.suspend(id, account, deadline);
    }

    @Override
    public Change reactivate(String id, DesiredAccount account, Deadline deadline) {
      return seeing.reactivate(id, account, deadline);
    }

    @Override
    public Change delete(String id, DesiredAccount account, Deadline deadline) {
      return seeing.delete(id, account, deadline);
    }

    @Override
    public Probe probe(Deadline deadline) {
      return seeing.probe(deadline);
    }

    @Override
    public void close() {
      seeing.close();
    }
  }
}
