package dev.usher.benchmarks.peers;

import org.springframework.data.mongodb.repository.MongoRepository;

/** The accounts that there are. */
interface PeerAccounts extends MongoRepository<PeerAccount, String> {}
