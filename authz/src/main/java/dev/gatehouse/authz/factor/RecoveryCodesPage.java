package dev.gatehouse.authz.factor;

import java.util.List;

/** Shows recovery codes, once. @param onward the path of the next page @param label the label of the link to it */
public record RecoveryCodesPage(List<String> codes, String onward, String label) {

    public RecoveryCodesPage {
        codes = List.copyOf(codes);
    }

    public String title() {
        return "Your recovery codes";
    }

    @Override
    public String toString() {
        return "RecoveryCodesPage[…]";
    }
}
