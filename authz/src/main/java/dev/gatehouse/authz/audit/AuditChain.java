package dev.gatehouse.authz.audit;

import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.MasterKey.KeyedHash;
import io.vertx.core.json.JsonObject;

/** The hashes of the audit trail. They are keyed: an attacker who can write to the database, but has no key file, can forge no event. */
public final class AuditChain {

    private final KeyedHash events;
    private final KeyedHash heads;

    public AuditChain(MasterKey key) {
        events = key.keyedHash("audit events");
        heads = key.keyedHash("audit head");
    }

    /** A place in the chain. @param seq the number of the event, from 1 */
    public record Head(long seq, String hash) {

        /** The place before the first event. */
        static final Head START = new Head(0, "");
    }

    /** An event in the chain. */
    public record ChainedEvent(long seq, AuditEvent event, String previousHash, String hash) {

        Head head() {
            return new Head(seq, hash);
        }

        /** One line of an export. */
        public JsonObject json() {
            return new JsonObject().put("seq", seq).mergeIn(event.json()).put("previous_hash", previousHash).put("hash", hash);
        }
    }

    /** Adds an event after a place. */
    ChainedEvent next(Head last, AuditEvent event) {
        return new ChainedEvent(last.seq() + 1, event, last.hash(), hash(last.hash(), event));
    }

    /** Returns whether the event has the content that it was recorded with. */
    boolean isAuthentic(ChainedEvent chained) {
        return hash(chained.previousHash(), chained.event()).equals(chained.hash());
    }

    /** The proof that a place was the newest. */
    String proof(Head head) {
        return heads.of(head.seq() + " " + head.hash());
    }

    private String hash(String previous, AuditEvent event) {
        return events.of(previous + "\n" + event.canonical());
    }
}
