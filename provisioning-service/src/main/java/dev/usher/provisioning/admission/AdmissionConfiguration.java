package dev.usher.provisioning.admission;

import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.AccountKey;
import dev.usher.provisioning.account.MailboxStore;
import dev.usher.provisioning.account.StillPermitted;
import dev.usher.provisioning.tenant.Tenants;
import dev.usher.provisioning.tenant.TopicProperties;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires admission. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AdmissionProperties.class)
class AdmissionConfiguration {

  @Bean
  Admission admission(
      Tenants tenants,
      AccountDesk desk,
      MailboxStore mailboxes,
      TopicProperties topics,
      AdmissionProperties properties,
      InstantSource clock,
      List<AdmissionObserver> observers) {
    return new Admission(
        tenants::policies,
        new Admission.Accounts() {
          @Override
          public Set<AccountKey> existing(Collection<AccountKey> keys) {
            return desk.find(keys).keySet();
          }

          @Override
          public void open(List<Account> requested) {
            desk.open(requested);
          }
        },
        mailboxes,
        topics.speakingRights(),
        properties,
        clock,
        observers);
  }

  @Bean
  StillPermitted stillPermitted(Admission admission) {
    return admission::refusal;
  }
}
