package dev.gatehouse.authz.client.document;

import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchOptions;

/**
 * Fetching of the documents and keys of clients.
 *
 * @param loopback whether fetches from this machine are allowed, over plain http too; in the demo profile only
 * @param trustFile PEM file of certificate authorities that are trusted beside the platform's; may be null
 */
public record FetchingOptions(boolean loopback, String trustFile) {

    /** The options of the fetcher, with files of a data home. */
    public FetchOptions in(DataHome home) {
        return FetchOptions.DEFAULT.withLoopbackAllowed(loopback).withTrustFile(trustFile == null ? null : home.file(trustFile));
    }
}
