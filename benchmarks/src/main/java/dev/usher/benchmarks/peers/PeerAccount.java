package dev.usher.benchmarks.peers;

import java.time.Instant;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/** What is kept of an account. */
@Document("accounts")
record PeerAccount(
    @Id String id,
    String subject,
    String email,
    String serviceAccountId,
    String userName,
    Instant createdAt) {}
