package dev.gatehouse.authz.device;

import static dev.gatehouse.authz.support.Issues.NOW;
import static dev.gatehouse.authz.support.Issues.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.device.DeviceRules.Poll;
import dev.gatehouse.authz.device.DeviceRules.Reason;
import dev.gatehouse.authz.device.DeviceRules.Redeemed;
import dev.gatehouse.authz.device.DeviceRules.Refused;
import dev.gatehouse.authz.device.DeviceRules.State;
import dev.gatehouse.authz.device.DeviceRules.StoredDevice;
import dev.gatehouse.authz.device.DeviceRules.Waiting;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.support.Issues;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import org.junit.jupiter.api.Test;

import java.util.List;

class DeviceRulesTest {

    private static final long INTERVAL = 5_000;

    @Test
    void approvedDeviceGetsATokenOfItsGrant() {
        Redeemed redeemed = (Redeemed) DeviceRules.decide(device(State.APPROVED, null, Issues.grant()), poll("app", NOW));
        assertThat(redeemed.token().grantId()).isEqualTo("gnt_1");
        assertThat(redeemed.token().audience()).containsExactly(RESOURCE);
    }

    @Test
    void pendingDeviceWaitsAndWaitsLongerWhenItPollsTooFast() {
        assertThat(DeviceRules.decide(device(State.PENDING, null, null), poll("app", NOW))).isEqualTo(new Waiting(false, INTERVAL));
        assertThat(DeviceRules.decide(device(State.PENDING, NOW - INTERVAL + 1_000, null), poll("app", NOW))).isEqualTo(new Waiting(false, INTERVAL));
        assertThat(DeviceRules.decide(device(State.PENDING, NOW - INTERVAL + 1_001, null), poll("app", NOW)))
            .isEqualTo(new Waiting(true, INTERVAL + 5_000));
    }

    @Test
    void eachRefusalHasItsReason() {
        assertRefused(device(State.APPROVED, null, Issues.grant()), poll("other", NOW), Reason.OTHER_CLIENT);
        assertRefused(device(State.REDEEMED, null, Issues.grant()), poll("app", NOW), Reason.SPENT);
        assertRefused(device(State.REDEEMED, null, Issues.grant()), poll("app", NOW + 60_000), Reason.SPENT);
        assertRefused(device(State.APPROVED, null, Issues.grant()), poll("app", NOW + 60_000), Reason.EXPIRED);
        assertRefused(device(State.PENDING, null, null), poll("app", NOW + 60_000), Reason.EXPIRED);
        assertRefused(device(State.DENIED, null, null), poll("app", NOW), Reason.DENIED);
        assertRefused(device(State.DENIED, null, Issues.grant()), poll("app", NOW), Reason.DENIED);
        assertRefused(device(State.APPROVED, null, Issues.grant(false, true)), poll("app", NOW), Reason.USER_DISABLED);
        assertRefused(device(State.APPROVED, null, Issues.grant()),
            new Poll("hash", "app", List.of("http://localhost:8002/mcp"), Issues.at(NOW, null)), Reason.INVALID_TARGET);
    }

    private static StoredDevice device(State state, Long polledAt, StoredGrant grant) {
        return new StoredDevice("app", Issues.grant().granted(), state, INTERVAL, polledAt, NOW + 60_000, grant, new LoginClaims(NOW, List.of("pwd")));
    }

    private static Poll poll(String client, long now) {
        return new Poll("hash", client, List.of(), Issues.at(now, null));
    }

    private static void assertRefused(StoredDevice device, Poll poll, Reason reason) {
        assertThat(DeviceRules.decide(device, poll)).isEqualTo(new Refused(reason));
    }
}
