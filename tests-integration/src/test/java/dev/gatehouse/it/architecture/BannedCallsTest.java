package dev.gatehouse.it.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.Future;

import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** Calls that main code does not make, each for the reason given. */
@AnalyzeClasses(packages = {"dev.gatehouse.shared", "dev.gatehouse.authz", "dev.gatehouse.mcp", "dev.gatehouse.resource", "dev.gatehouse.client"},
    importOptions = {ImportOption.DoNotIncludeTests.class})
final class BannedCallsTest {
    /** The entry points and the wiring of the programs; for the library the builder, whose clock a test can set. */
    private static final DescribedPredicate<JavaClass> WIRING =
            simpleNameEndingWith("Verticle").or(simpleNameEndingWith("Main")).or(simpleNameEndingWith("Builder")).or(simpleNameEndingWith("Command"))
                .or(resideInAnyPackage("..cli..", "..command..", "dev.gatehouse.client.connect.."));

    @ArchTest
    static final ArchRule failuresKeepTheirIdentity = noClasses().should()
        .callMethod(Future.class, "failedFuture", String.class)
            .because("a cause that is a text cannot be told from another");

    @ArchTest
    static final ArchRule nothingWaitsForAFuture = noClasses().that(not(WIRING))
            .should().callMethod(Future.class, "await").orShould().callMethod(CompletableFuture.class, "get")
            .orShould().callMethod(CompletableFuture.class, "join").because("it would block an event loop");

    @ArchTest
    static final ArchRule nothingSleeps = noClasses().should().callMethod(Thread.class, "sleep", long.class)
            .because("it would block an event loop");

    @ArchTest
    static final ArchRule timeIsInjected = noClasses().that(not(WIRING))
            .should().callMethod(Instant.class, "now").orShould().callMethod(System.class, "currentTimeMillis")
            .orShould().callMethod(Clock.class, "systemUTC").orShould().callMethod(Clock.class, "systemDefaultZone")
            .because("a test must be able to set the clock");

    @ArchTest
    static final ArchRule nothingPrints = noClasses().that(not(WIRING.or(resideInAPackage("..transport.."))))
            .should().accessField(System.class, "out")
                .because("standard output belongs to commands and to stdio messages");

    @ArchTest
    static final ArchRule randomIsSecure = noClasses().should().dependOnClassesThat().belongToAnyOf(Random.class)
            .orShould().callMethod(Math.class, "random").because("what is guessed can be forged");

    @ArchTest
    static final ArchRule secretsAreComparedInOnePlace = noClasses()
        .that(not(resideInAPackage("dev.gatehouse.shared.secret..")))
            .should().callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
            .because("shared.secret compares in constant time and names what it compares");
}
