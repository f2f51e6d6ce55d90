package dev.gatehouse.authz.token;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Active tokens by the hash of their text, in arrays of numbers: about 70 bytes a token, beside the {@link SharedClaims}. When the table is
 * full, a new token replaces one that was not found since the last look at it (the CLOCK algorithm). Thread-safe.
 */
final class TokenTable {

    private final Segment[] segments;

    /** @param most the most tokens */
    TokenTable(int most) {
        int count = 1;
        while (most / count >= Segment.MOST_ENTRIES) {
            count *= 2;
        }
        int each = most / count;
        segments = Stream.generate(() -> new Segment(each)).limit(count).toArray(Segment[]::new);
    }

    /** Finds a token; null if it is not in the table. */
    IndexedToken get(TokenKey key) {
        return segment(key).get(key);
    }

    /** Adds or replaces a token. */
    void put(TokenKey key, IndexedToken token) {
        segment(key).put(key, token);
    }

    /** Notes that a token of the table is current in a generation, unless the table has another read of the token, or none, by now. */
    void confirm(IndexedToken token, long generation) {
        segment(token.key()).confirm(token.key(), token.generation(), generation);
    }

    void remove(TokenKey key) {
        segment(key).remove(key);
    }

    void clear() {
        for (Segment segment : segments) {
            segment.clear();
        }
    }

    /** The number of tokens. */
    int size() {
        return Arrays.stream(segments).mapToInt(Segment::size).sum();
    }

    private Segment segment(TokenKey key) {
        return segments[(int) key.second() & segments.length - 1];
    }

    /**
     * A part of the table, with its own lock. The entries are dense and have no order. An index finds them by open addressing with linear
     * probing: each of its slots is 0, or the number of an entry from 1 on, below 16 bits of the hash, so that a probe seldom reads another entry.
     */
    private static final class Segment {

        /** The number of an entry has 16 bits. */
        static final int MOST_ENTRIES = 1 << 16;

        private static final int NUMBER = MOST_ENTRIES - 1;
        /** Entries are allocated in chunks of this size. */
        private static final int CHUNK_BITS = 10;
        private static final int IN_CHUNK = (1 << CHUNK_BITS) - 1;
        private static final int FIRST_SLOTS = 16;
        /** The words of an entry: the hash, then these. */
        private static final int ISSUED_AT = 4;
        private static final int EXPIRES_AT = 5;
        /** The generation, above a bit that is set if the token was found since the last look at it. */
        private static final int GENERATION = 6;
        private static final int WORDS = 7;

        private final int most;
        private final long[][] words;
        private final SharedClaims[][] claims;
        private int[] index = new int[FIRST_SLOTS];
        private int size;
        private int hand;

        Segment(int most) {
            this.most = most;
            int chunks = (most >> CHUNK_BITS) + 1;
            words = new long[chunks][];
            claims = new SharedClaims[chunks][];
        }

        synchronized IndexedToken get(TokenKey key) {
            int slot = slot(key);
            if (slot < 0) {
                return null;
            }
            int entry = entry(slot);
            long generation = word(entry, GENERATION);
            setWord(entry, GENERATION, generation | 1);
            return new IndexedToken(key, claims(entry), word(entry, ISSUED_AT), word(entry, EXPIRES_AT), generation >> 1);
        }

        synchronized void put(TokenKey key, IndexedToken token) {
            int slot = slot(key);
            write(slot < 0 ? added(key) : entry(slot), token);
        }

        synchronized void confirm(TokenKey key, long seen, long generation) {
            int slot = slot(key);
            if (slot >= 0 && word(entry(slot), GENERATION) >> 1 == seen) {
                setWord(entry(slot), GENERATION, generation << 1 | 1);
            }
        }

        synchronized void remove(TokenKey key) {
            int slot = slot(key);
            if (slot >= 0) {
                remove(slot);
            }
        }

        synchronized void clear() {
            Arrays.fill(words, null);
            Arrays.fill(claims, null);
            index = new int[FIRST_SLOTS];
            size = 0;
            hand = 0;
        }

        synchronized int size() {
            return size;
        }

        /** Adds an entry with this hash, without the rest. */
        private int added(TokenKey key) {
            if (size == most) {
                evict();
            }
            if (size + 1 > index.length / 4 * 3) {
                enlargeIndex();
            }
            int entry = size++;
            int chunk = entry >> CHUNK_BITS;
            if (words[chunk] == null) {
                words[chunk] = new long[WORDS * (IN_CHUNK + 1)];
                claims[chunk] = new SharedClaims[IN_CHUNK + 1];
            }
            setWord(entry, 0, key.first());
            setWord(entry, 1, key.second());
            setWord(entry, 2, key.third());
            setWord(entry, 3, key.fourth());
            addToIndex(entry);
            return entry;
        }

        private void write(int entry, IndexedToken token) {
            setClaims(entry, token.claims());
            setWord(entry, ISSUED_AT, token.issuedAt());
            setWord(entry, EXPIRES_AT, token.expiresAt());
            setWord(entry, GENERATION, token.generation() << 1);
        }

        /** Removes the next entry that was not found since the last look at it. The last entry, which takes its place, is looked at in the next round. */
        private void evict() {
            for (;; hand++) {
                hand = hand < size ? hand : 0;
                long generation = word(hand, GENERATION);
                if ((generation & 1) == 0) {
                    remove(slotOf(hand));
                    hand++;
                    return;
                }
                setWord(hand, GENERATION, generation & ~1L);
            }
        }

        private void remove(int slot) {
            int entry = entry(slot);
            int last = size - 1;
            removeFromIndex(slot);
            if (entry != last) {
                int moved = slotOf(last);
                index[moved] = index[moved] & ~NUMBER | entry + 1;
                for (int word = 0; word < WORDS; word++) {
                    setWord(entry, word, word(last, word));
                }
                setClaims(entry, claims(last));
            }
            setClaims(last, null);
            size = last;
        }

        private void enlargeIndex() {
            index = new int[index.length * 2];
            for (int entry = 0; entry < size; entry++) {
                addToIndex(entry);
            }
        }

        private void addToIndex(int entry) {
            long hash = word(entry, 0);
            int slot = (int) hash & index.length - 1;
            while (index[slot] != 0) {
                slot = slot + 1 & index.length - 1;
            }
            index[slot] = tag(hash) | entry + 1;
        }

        /** Empties a slot, and moves later entries of the same run of slots to where a search finds them. */
        private void removeFromIndex(int removed) {
            int mask = index.length - 1;
            int gap = removed;
            for (int slot = gap + 1 & mask; index[slot] != 0; slot = slot + 1 & mask) {
                int home = (int) word(entry(slot), 0) & mask;
                if ((slot - home & mask) >= (slot - gap & mask)) {
                    index[gap] = index[slot];
                    gap = slot;
                }
            }
            index[gap] = 0;
        }

        /** The slot of a hash; negative if there is none. */
        private int slot(TokenKey key) {
            int tag = tag(key.first());
            for (int slot = (int) key.first() & index.length - 1; index[slot] != 0; slot = slot + 1 & index.length - 1) {
                if ((index[slot] & ~NUMBER) == tag && has(entry(slot), key)) {
                    return slot;
                }
            }
            return -1;
        }

        /** The slot of an entry. */
        private int slotOf(int entry) {
            int slot = (int) word(entry, 0) & index.length - 1;
            while (entry(slot) != entry) {
                slot = slot + 1 & index.length - 1;
            }
            return slot;
        }

        private boolean has(int entry, TokenKey key) {
            return word(entry, 0) == key.first() && word(entry, 1) == key.second() && word(entry, 2) == key.third() && word(entry, 3) == key.fourth();
        }

        /** Bits of the hash that do not select the slot. */
        private static int tag(long hash) {
            return (int) (hash >>> Integer.SIZE) & ~NUMBER;
        }

        private int entry(int slot) {
            return (index[slot] & NUMBER) - 1;
        }

        private long word(int entry, int word) {
            return words[entry >> CHUNK_BITS][(entry & IN_CHUNK) * WORDS + word];
        }

        private void setWord(int entry, int word, long value) {
            words[entry >> CHUNK_BITS][(entry & IN_CHUNK) * WORDS + word] = value;
        }

        private SharedClaims claims(int entry) {
            return claims[entry >> CHUNK_BITS][entry & IN_CHUNK];
        }

        private void setClaims(int entry, SharedClaims value) {
            claims[entry >> CHUNK_BITS][entry & IN_CHUNK] = value;
        }
    }
}
