package dev.gatehouse.resource.usage;

/**
 * The usage of one user in one month.
 *
 * @param requests  tool calls and resource reads
 * @param tokensIn  estimated tokens of the arguments
 * @param tokensOut estimated tokens of the results
 */
record UsageTotals(long requests, long tokensIn, long tokensOut) {

    static final UsageTotals NONE = new UsageTotals(0, 0, 0);

    UsageTotals plus(UsageTotals more) {
        return new UsageTotals(requests + more.requests, tokensIn + more.tokensIn, tokensOut + more.tokensOut);
    }

    /** Tokens in and out together. */
    public long tokens() {
        return tokensIn + tokensOut;
    }

    boolean isNone() {
        return requests == 0 && tokensIn == 0 && tokensOut == 0;
    }
}
