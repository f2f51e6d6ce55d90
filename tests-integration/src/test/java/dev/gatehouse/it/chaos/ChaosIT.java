package dev.gatehouse.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Postgres;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;

/** Short rounds of what {@code ./gatehouse-dev chaos} does for long. */
@Order(3)
final class ChaosIT {

    private static final int ROUNDS = 2;

    @ParameterizedTest
    @EnumSource(Installation.Engine.class)
    void everyAnswerHoldsAfterFaultsUnderLoad(Installation.Engine engine) throws IOException {
        Assumptions.assumeTrue(engine == Installation.Engine.SQLITE || Postgres.isAvailable(), "No PostgreSQL here");
        try (Chaos chaos = new Chaos(engine, System.nanoTime(), System.out)) {
            Ledger.Totals totals = chaos.run(ROUNDS);
            assertThat(totals.acknowledged()).isPositive();
            assertThat(totals.lost()).isEmpty();
            assertThat(totals.doubled()).isEmpty();
            assertThat(totals.broken()).isEmpty();
        }
    }
}
