package dev.usher.policy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Role and service mailboxes (RFC 2142 and common practice): a stranger can make one receive mail,
 * and nobody in person owns it. Tags are looked through, and in longer names dots, hyphens and
 * underscores too.
 */
final class ServiceMailboxes {
  private static final int SEPARATORS_MATTER_BELOW = 5;

  private static final Set<String> USUAL =
      Set.of(
          ("abuse accounting accounts admin administrator alert alerts all announce automation "
                  + "billing bitbucket bot bounce bounces build calendar careers ci cloud compliance "
                  + "confluence contact cron daemon dev devnull devops discuss dmarc dns donotreply "
                  + "email everybody everyone events feedback finance ftp gdpr github gitlab hello "
                  + "help helpdesk hostmaster hr inbox incoming info infra invoice invoices it jenkins "
                  + "jira jobs legal list listserv list-request lists mail mailer mailerdaemon "
                  + "majordomo marketing media monitoring news newsletter nobody noc noreply "
                  + "notification notifications notify null office operations ops order orders "
                  + "payroll postmaster press privacy procurement purchasing recruiting recruitment "
                  + "replies reply request requests returns root sales security sentry service "
                  + "servicedesk services slack spam spamtrap ssladmin staff status subscribe "
                  + "subscriptions suggestions support sysadmin system team tech techsupport test "
                  + "testing ticket tickets trouble undisclosedrecipients unsubscribe updates usenet "
                  + "user users uucp web webmaster welcome wiki www zendesk")
              .split(" "));

  private final Set<String> names;
  private final int[] hashes;

  /**
   * The usual ones and the tenant's own.
   *
   * @param more further local parts, lower case
   */
  ServiceMailboxes(Iterable<String> more) {
    Set<String> all = new HashSet<>(USUAL);
    for (String name : more) {
      all.add(name.toLowerCase(Locale.ROOT));
    }
    names = Set.copyOf(all);
    hashes = all.stream().mapToInt(String::hashCode).sorted().toArray();
  }

  boolean contains(EmailAddress email) {
    String local = email.localPart();
    int plus = local.indexOf('+');
    if (plus == 0) {
      return true;
    }
    String base = plus < 0 ? local : local.substring(0, plus);
    return names.contains(base) || (mayBeJoined(base) && names.contains(joined(base)));
  }

  /** Whether there are separators, and without them the hash of some name; makes no object. */
  private boolean mayBeJoined(String base) {
    int hash = 0;
    int letters = 0;
    for (int i = 0; i < base.length(); i++) {
      if (!isSeparator(base.charAt(i))) {
        hash = 31 * hash + base.charAt(i);
        letters++;
      }
    }
    return letters < base.length() && Arrays.binarySearch(hashes, hash) >= 0;
  }

  private static boolean isSeparator(char c) {
    return c == '.' || c == '-' || c == '_';
  }

  private static String joined(String base) {
    StringBuilder letters = new StringBuilder(base.length());
    for (int i = 0; i < base.length(); i++) {
      if (!isSeparator(base.charAt(i))) {
        letters.append(base.charAt(i));
      }
    }
    return letters.length() < SEPARATORS_MATTER_BELOW ? base : letters.toString();
  }
}
