package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.CallRefused;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a caller is told of a failure: a refusal's own words, and of anything else only a number to find it by in the log. */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {
    }

    static String tell(String operation, Throwable failure) {
        if (failure instanceof CallRefused) {
            return failure.getMessage();
        }
        String reference = Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE);
        LOG.error("{} failed, reference {}", operation, reference, failure);
        return operation + " failed on the server. Reference: " + reference;
    }
}
