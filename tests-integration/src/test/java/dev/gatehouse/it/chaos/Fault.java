package dev.gatehouse.it.chaos;

import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A fault of the machine, the network or the database. {@link Installation#heal} ends it. */
enum Fault {

    /** kill -9 and a start. */
    KILL_ONE(installation -> true) {
        @Override
        void strike(Installation installation, Random random) {
            kill(List.of(any(installation.nodes(), random)));
        }
    },
    KILL_AUTHORIZATION_SERVER(installation -> true) {
        @Override
        void strike(Installation installation, Random random) {
            kill(List.of(any(installation.authorizationServers(), random)));
        }
    },
    KILL_ALL(installation -> true) {
        @Override
        void strike(Installation installation, Random random) {
            kill(installation.nodes());
        }
    },
    /** SIGTERM and a start. */
    STOP_ONE(installation -> true) {
        @Override
        void strike(Installation installation, Random random) {
            Node node = any(installation.nodes(), random);
            node.resume();
            node.stop();
            node.start();
        }
    },
    SUSPEND_ONE(installation -> true) {
        @Override
        void strike(Installation installation, Random random) {
            any(installation.nodes(), random).suspend();
        }
    },
    SUSPEND_AUTHORIZATION_SERVER(installation -> true) {
        @Override
        void strike(Installation installation, Random random) {
            any(installation.authorizationServers(), random).suspend();
        }
    },
    SET_CLOCK(installation -> SystemFaults.areAvailable()) {
        @Override
        void strike(Installation installation, Random random) {
            any(installation.nodes(), random).faults().setClockAhead(random.nextInt(-SECONDS, SECONDS + 1));
        }
    },
    /** Of a server that holds SQLite files, or of PostgreSQL, which ends then. */
    FAIL_SYNC(installation -> SystemFaults.areAvailable()) {
        @Override
        void strike(Installation installation, Random random) {
            (installation.postgres() == null ? any(installation.nodes(), random).faults() : installation.databaseFaults()).failSync(true);
        }
    },
    FILL_DISK(installation -> installation.disk() != null) {
        @Override
        void strike(Installation installation, Random random) {
            installation.disk().fill();
        }
    },
    CRASH_DATABASE(installation -> installation.postgres() != null) {
        @Override
        void strike(Installation installation, Random random) {
            installation.reviveDatabase();
            installation.postgres().crash();
        }
    },
    SUSPEND_DATABASE(installation -> installation.postgres() != null) {
        @Override
        void strike(Installation installation, Random random) {
            installation.reviveDatabase();
            installation.postgres().signal("STOP");
        }
    },
    CUT_LINK(installation -> !installation.links().isEmpty()) {
        @Override
        void strike(Installation installation, Random random) {
            any(installation.links(), random).cut();
        }
    },
    /** A cut and a repair at once, so that commits lose their answers. */
    RESET_LINK(installation -> !installation.links().isEmpty()) {
        @Override
        void strike(Installation installation, Random random) {
            Link link = any(installation.links(), random);
            link.cut();
            link.repair();
        }
    },
    DELAY_LINK(installation -> !installation.links().isEmpty()) {
        @Override
        void strike(Installation installation, Random random) {
            any(installation.links(), random).delay(random.nextInt(10, 400));
        }
    };

    /** The most that a clock is wrong: less than the lifetime of a code and the grace of a refresh token. */
    private static final int SECONDS = 20;
    private final Predicate<Installation> possible;

    Fault(Predicate<Installation> possible) {
        this.possible = possible;
    }

    abstract void strike(Installation installation, Random random);

    static List<Fault> possibleIn(Installation installation) {
        return Stream.of(values()).filter(fault -> fault.possible.test(installation)).toList();
    }

    private static void kill(List<Node> nodes) {
        nodes.forEach(Node::kill);
        nodes.forEach(Node::start);
    }

    private static <T> T any(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
