package dev.usher.provisioning.admission;

import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.Leavers;
import dev.usher.provisioning.account.MailboxStore;
import dev.usher.provisioning.account.StillPermitted;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.PersonStore;
import dev.usher.provisioning.store.StoreUnavailableException;
import dev.usher.provisioning.tenant.Tenants;
import dev.usher.provisioning.tenant.TopicProperties;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** Wires admission. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AdmissionProperties.class)
class AdmissionConfiguration {

  private static final Logger log = LoggerFactory.getLogger(AdmissionConfiguration.class);

  @Bean
  Admission admission(
      Tenants tenants,
      AccountDesk desk,
      MailboxStore mailboxes,
      PersonStore people,
      TopicProperties topics,
      AdmissionProperties properties,
      InstantSource clock,
      List<AdmissionObserver> observers) {
    return new Admission(
        tenants::policies,
        new Admission.Accounts() {
          @Override
          public Map<AccountKey, Account> find(Collection<AccountKey> keys) {
            return desk.find(keys);
          }

          @Override
          public List<Account> of(Collection<PersonKey> people) {
            return desk.of(people);
          }

          @Override
          public Set<AccountKey> open(List<Account> requested, Leavers leavers) {
            return desk.open(requested, leavers);
          }

          @Override
          public void change(Collection<Account> read, UnaryOperator<Account> change) {
            desk.change(read, change);
          }
        },
        mailboxes,
        people,
        topics.speakingRights(),
        properties,
        clock,
        System::nanoTime,
        observers);
  }

  @Bean
  SchedulingConfigurer admissionLoops(Admission admission, AdmissionProperties properties) {
    return loops -> loops.addFixedDelayTask(() -> flush(admission), properties.lastSeenInterval());
  }

  private static void flush(Admission admission) {
    try {
      admission.flushLastSeen();
    } catch (StoreUnavailableException e) {
      log.warn("When people were last seen is written later: {}", e.getMessage());
    }
  }

  @Bean
  StillPermitted stillPermitted(Admission admission) {
    return admission::refusal;
  }
}
