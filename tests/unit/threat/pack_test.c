/* Packs of rules: what is read, and what is refused where. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "threat_scene.h"

#define HEAD "schema: tutela-threat-rules/1\nid: p\nversion: '1'\n"
#define RULE "rules:\n  - {id: A, title: t, on: flow, stride: S, category: 1, "

static const struct {
	const char *text, *error;
} bad[] = {
	{"id: p\n", "p:1:1: \"schema\" is missing"},
	{"schema: x\nid: p\nversion: '1'\nrules: []\n", "p:1:9: /schema: expected \"tutela-threat"},
	{HEAD, "\"rules\" is missing"},
	{HEAD "rules: [{title: t}]\n", "/rules/0: \"id\" is missing"},
	{HEAD RULE "}\n", "\"weak\" is missing"},
	{HEAD RULE "wek: {a: b}}\n", "p:5:57: /rules/0/wek: no such key"},
	{HEAD RULE "weak: []}\n",
		"p:5:63: /rules/0/weak: expected a map of conditions, not a list"},
	{HEAD RULE "weak: {}}\n", "expected a map of conditions"},
	{HEAD RULE "weak: {any: {a: b}}}\n", "/rules/0/weak/any: expected a list of conditions"},
	{HEAD RULE "weak: {any: []}}\n", "expected a list of conditions"},
	{HEAD RULE "weak: {a: $nothing}}\n", "no list \"nothing\" under \"lists\""},
	{HEAD RULE "weak: {a: [[b]]}}\n", "expected a word, not a list"},
	{HEAD RULE "weak: {'a b': c}}\n", "expected the name of an attribute"},
	{HEAD RULE "weak: {any: [{source: {authentification: none}}]}}\n",
		"rule \"A\": no attribute or fact \"authentification\"; is "
		"\"authentication\" meant?"},
	{HEAD RULE "weak: {a: b}, where: {pear_check: {kind: store}}}\n",
		"is \"peer_check\" meant?"},
	{HEAD RULE "weak: {sorce.medium: ip}}\n", "no attribute or fact \"sorce.medium\""},
	{HEAD RULE "weak: {medium: air}}\n", "\"air\" is no word of \"medium\""},
	{HEAD RULE "weak: {fan_out: '>x'}}\n", "expected a whole number after \">\""},
	{HEAD RULE "weak: {a: b}, question: {a: Who, and when?}}\n",
		"a text with a comma wants quotes"},
	{HEAD RULE "weak: {a: b}, reach: far}\n", "/rules/0/reach: expected one of forward"},
	{HEAD RULE "weak: {a: b}, on: cloud}\n", "on"},
	{HEAD "rules:\n  - {id: A, title: t, on: cloud, stride: S, category: 1, weak: {a: b}}\n",
		"/rules/0/on: expected one of flow, element"},
	{HEAD "rules:\n  - {id: A, title: t, on: flow, stride: X, category: 1, weak: {a: b}}\n",
		"/rules/0/stride: expected one letter of STRIDE"},
	{HEAD "rules:\n  - {id: A, title: t, on: flow, stride: S, category: 0, weak: {a: b}}\n",
		"\"category\" is 1 to 8"},
	{HEAD "rules:\n  - {id: A@b, title: t, on: flow, stride: S, category: 1, weak: {a: b}}\n",
		"the id of a rule has letters"},
	{HEAD RULE "weak: {a: b}}\n  - {id: A, title: t, on: flow, stride: S, category: 1, weak: "
		   "{a: b}}\n",
		"/rules/1: a second rule \"A\""},
	{HEAD RULE "weak: {any: [{any: [{any: [{any: [{any: [{any: [{any: [{any: [{any: [{a: "
		   "b}]}]}]}]}]}]}]}]}]}}\n",
		"conditions are nested more than 8 deep"},
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct tu_threat_pack *pack = NULL;
		struct tu_error err = {0};

		if (tu_threat_pack_read(arena, TU_STR("p"), tu_str_c(bad[i].text), &pack, &err) ==
			TU_OK)
			fail_msg("was read:\n%s", bad[i].text);
		if (!strstr(error_text(&err), bad[i].error))
			fail_msg("%s\nexpected: %s", error_text(&err), bad[i].error);
		assert_null(pack);
	}
}

/* Every rule of the program's own pack can be read, cited and named. */
static void reads_the_builtin_pack(void **state)
{
	const struct tu_threat_pack *pack = NULL;
	struct tu_error err;
	size_t weak = 0;
	(void)state;

	if (tu_threat_pack_builtin(arena, &pack, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	assert_int_equal(pack->digest.len, 64);
	for (size_t i = 0; i < pack->rule_count; i++) {
		const struct tu_threat_rule *rule = &pack->rules[i];

		if (rule->considered)
			continue;
		weak++;
		if (!rule->control.len || !rule->cwe.count || !rule->settled_by.count)
			fail_msg("%.*s: no control, CWE or settled_by", TU_STR_FMT(rule->id));
	}
	assert_true(weak >= 60);
}

static const struct {
	const char *text, *error;
} bad_decisions[] = {
	{"decisions: []\n", "\"schema\" is missing"},
	{"schema: x\n", "t:1:9: /schema: expected \"tutela-threats/1\""},
	{"decisions: [{key: A, outcome: accepted, by: a, reason: r, at: 2026-01-01, until: "
	 "2027-01-01}]\n",
		"\"A\" is no key of a threat"},
	{"decisions: [{key: A@b@, outcome: accepted, by: a, reason: r, at: 2026-01-01}]\n",
		"\"until\" is missing"},
	{"decisions: [{key: A@b@, outcome: transferred, by: a, reason: r, at: 2026-01-01}]\n",
		"\"labelling\" is missing"},
	{"decisions: [{key: A@b@, outcome: mitigated, by: a, reason: r, at: 2026-01-01}]\n",
		"/decisions/0/outcome: expected one of accepted"},
	{"decisions: [{key: A@b@, outcome: not-applicable, by: a, at: 2026-01-01}]\n",
		"\"reason\" is missing"},
	{"decisions: [{key: A@b@, outcome: not-applicable, by: a, reason: r, at: 2026-01-01}, "
	 "{key: A@b@, outcome: not-applicable, by: a, reason: r, at: 2026-01-01}]\n",
		"/decisions/1: a second decision about \"A@b@\""},
};

static void refuses_decisions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_decisions) / sizeof(bad_decisions[0]); i++) {
		struct tu_dispositions decisions = {0};
		struct tu_error err = {0};
		char text[1000];

		snprintf(text, sizeof(text), "%s%s", i > 1 ? "schema: tutela-threats/1\n" : "",
			bad_decisions[i].text);
		if (tu_dispositions_read(arena, TU_STR("t"), tu_str_c(text), &decisions, &err) ==
			TU_OK)
			fail_msg("was read:\n%s", text);
		if (!strstr(error_text(&err), bad_decisions[i].error))
			fail_msg("%s\nexpected: %s", error_text(&err), bad_decisions[i].error);
	}
}

/* Each fact of docs/formats/model.md: a weak value opens a threat at its place, a sound one none.
 */
static const struct {
	const char *at, *weak, *sound, *rule;
} facts[] = {
	{"e", "os_support: 2025-01", "os_support: 2031-04", "U09"},
	{"e", "general_purpose: 'yes', listener: 'yes'", "general_purpose: 'no', listener: 'yes'",
		"H04"},
	{"e", "debug: open", "debug: fused", "P01"},
	{"e", "port: reachable", "port: closed", "P02"},
	{"e", "key_scope: fleet", "key_scope: device", "M02"},
	{"e", "key_scope: site", "key_scope: device", "M02D"},
	{"e", "key_custody: online-single", "key_custody: escrow", "C06"},
	{"e", "hardware: flash, key_scope: device", "hardware: secure element, key_scope: device",
		"P07"},
	{"e", "accounts: shared", "accounts: named", "P05"},
	{"f", "accounts: default", "accounts: named", "P05"},
	{"f", "mfa: 'no'", "mfa: 'yes'", "C03"},
	{"f", "login: social account", "login: hospital account", "C03S"},
	{"e", "phi: 'yes', at_rest: plain", "phi: 'yes', at_rest: encrypted", "P04"},
	{"e", "wipe: 'no'", "wipe: 'yes'", "P06"},
	{"f", "deidentified: 'no'", "deidentified: 'yes'", "C07D"},
	{"f", "third_party: unlisted", "third_party: listed", "C07"},
	{"e", "secure_boot: 'no'", "secure_boot: 'yes'", "U08"},
	{"e", "rollback_check: 'no'", "rollback_check: monotonic counter", "U03E"},
	{"e", "device_verifies: 'no'", "device_verifies: 'yes'", "M03E"},
	{"f", "model_signed: 'no'", "model_signed: 'yes'", "C08"},
	{"e", "power_loss: single slot", "power_loss: A/B slots", "U04"},
	{"f", "logged: 'no'", "logged: 'yes'", "L01"},
	{"e", "alarm_local: 'no'", "alarm_local: 'yes'", "T06"},
	{"f", "loss_alarm: none", "loss_alarm: both ends", "T06L"},
	{"f", "remote_access: permanent", "remote_access: none", "H05"},
	{"e", "inbound: 'yes'", "inbound: 'no'", "R07"},
	{"e", "bridge: 'yes'", "bridge: 'no'", "H07"},
	{"e", "tenants: many, partition: none", "tenants: one, partition: by customer", "M06O"},
	{"f", "object_check: 'no'", "object_check: 'yes'", "C04"},
	{"f", "identity_binding: 'no'", "identity_binding: signed", "T13"},
	{"f", "peer_check: any", "peer_check: certificate", "H09"},
	{"f", "sender_check: 'no'", "sender_check: 'yes'", "H09"},
	{"f", "client_certificate: not requested", "client_certificate: checked", "T01"},
	{"e", "break_glass: 'shared code, no time limit'", "break_glass: 'limited, audited'",
		"T10"},
	{"e", "wake: unlimited", "wake: by nearness", "R03"},
	{"e", "radio_id: static", "radio_id: rotating", "R05"},
	{"f", "pairing: Just Works", "pairing: numeric comparison", NULL},
	{"e", "tag: unauthenticated", "tag: challenge", "R08"},
	{"e", "limits_writable_by: any network process", "limits_writable_by: safety processor",
		"T03"},
	{"e", "limits_writable_by: a", "limits_writable_by: nobody", "T03"},
	{"e", "limits_from: plan file", "limits_from: read-only memory", "T03"},
	{"e", "partition: none", "partition: separate processor", "T04"},
	{"e", "runs_on: same processor as the network", "runs_on: own processor", "T04S"},
	{"e", "hardwired: 'no'", "hardwired: 'yes'", "T08"},
	{"e", "autonomous: 'no'", "autonomous: 'yes'", "T07"},
	{"e", "relay: phone", "relay: none", "T07"},
};

/* What texts of a fact say: weak, sound (also a negated weak word), or words that decide nothing.
 */
static const struct {
	const char *at, *fact, *rule;
	enum tu_threat_outcome outcome;
} texts[] = {
	{"e", "rollback_check: 'downgrade allowed'", "U03E", TU_THREAT_OPEN},
	{"e", "rollback_check: 'any signed version'", "U03E", TU_THREAT_OPEN},
	{"e", "rollback_check: 'No.'", "U03E", TU_THREAT_OPEN},
	{"e", "rollback_check: 'no'", "U03E", TU_THREAT_OPEN},
	{"e", "rollback_check: 'unclear'", "U03E", TU_THREAT_UNKNOWN},
	{"e", "rollback_check: 'planned'", "U03E", TU_THREAT_UNKNOWN},
	{"e", "rollback_check: 'yes, but only in the shop'", "U03E", TU_THREAT_UNKNOWN},
	{"e", "rollback_check: 'by policy'", "U03E", TU_THREAT_UNKNOWN},
	{"e", "rollback_check: 'monotonic counter'", "U03E", TU_THREAT_NOT_APPLICABLE},
	{"e", "rollback_check: 'no downgrade possible'", "U03E", TU_THREAT_NOT_APPLICABLE},
	{"e", "rollback_check: 'refused'", "U03E", TU_THREAT_NOT_APPLICABLE},
	{"e", "power_loss: 'overwrites the running image'", "U04", TU_THREAT_OPEN},
	{"e", "power_loss: 'single slot'", "U04", TU_THREAT_OPEN},
	{"e", "power_loss: 'in place'", "U04", TU_THREAT_OPEN},
	{"e", "power_loss: 'maybe'", "U04", TU_THREAT_UNKNOWN},
	{"e", "power_loss: 'tbd'", "U04", TU_THREAT_UNKNOWN},
	{"e", "power_loss: 'optional'", "U04", TU_THREAT_UNKNOWN},
	{"e", "power_loss: 'no single slot, A/B'", "U04", TU_THREAT_NOT_APPLICABLE},
	{"e", "power_loss: 'A/B'", "U04", TU_THREAT_NOT_APPLICABLE},
	{"e", "power_loss: 'dual bank with fallback'", "U04", TU_THREAT_NOT_APPLICABLE},
	{"e", "power_loss: 'resumes'", "U04", TU_THREAT_NOT_APPLICABLE},
	{"e", "os_support: 'out of support'", "U09", TU_THREAT_OPEN},
	{"e", "os_support: '2025-01'", "U09", TU_THREAT_OPEN},
	{"e", "os_support: 'EOL'", "U09", TU_THREAT_OPEN},
	{"e", "os_support: 'no longer maintained'", "U09", TU_THREAT_OPEN},
	{"e", "os_support: 'until 2024'", "U09", TU_THREAT_UNKNOWN},
	{"e", "os_support: 'depends'", "U09", TU_THREAT_UNKNOWN},
	{"e", "os_support: '2031-04'", "U09", TU_THREAT_NOT_APPLICABLE},
	{"e", "os_support: 'supported'", "U09", TU_THREAT_NOT_APPLICABLE},
	{"e", "alarm_local: 'muted'", "T06", TU_THREAT_OPEN},
	{"e", "alarm_local: 'server only'", "T06", TU_THREAT_OPEN},
	{"e", "alarm_local: 'no'", "T06", TU_THREAT_OPEN},
	{"e", "alarm_local: 'yes on the phone'", "T06", TU_THREAT_UNKNOWN},
	{"e", "alarm_local: 'yes, but only when connected'", "T06", TU_THREAT_UNKNOWN},
	{"e", "alarm_local: 'loud'", "T06", TU_THREAT_UNKNOWN},
	{"e", "alarm_local: 'future release'", "T06", TU_THREAT_UNKNOWN},
	{"e", "alarm_local: 'yes'", "T06", TU_THREAT_NOT_APPLICABLE},
	{"e", "alarm_local: 'local sounder'", "T06", TU_THREAT_NOT_APPLICABLE},
	{"f", "logged: 'not'", "L01", TU_THREAT_OPEN},
	{"f", "logged: 'no'", "L01", TU_THREAT_OPEN},
	{"f", "logged: 'anonymous'", "L01", TU_THREAT_OPEN},
	{"f", "logged: 'somewhere'", "L01", TU_THREAT_UNKNOWN},
	{"f", "logged: 'yes'", "L01", TU_THREAT_NOT_APPLICABLE},
	{"f", "logged: 'not anonymous, with person and time'", "L01", TU_THREAT_NOT_APPLICABLE},
	{"f", "logged: 'audit trail'", "L01", TU_THREAT_NOT_APPLICABLE},
	{"e", "wipe: 'no'", "P06", TU_THREAT_OPEN},
	{"e", "wipe: 'manual'", "P06", TU_THREAT_OPEN},
	{"e", "wipe: 'on request'", "P06", TU_THREAT_UNKNOWN},
	{"e", "wipe: 'crypto-erase'", "P06", TU_THREAT_NOT_APPLICABLE},
	{"e", "wipe: 'yes'", "P06", TU_THREAT_NOT_APPLICABLE},
	{"e", "phi: 'yes', at_rest: 'plain'", "P04", TU_THREAT_OPEN},
	{"e", "phi: 'yes', at_rest: 'no'", "P04", TU_THREAT_OPEN},
	{"e", "phi: 'yes', at_rest: 'base64'", "P04", TU_THREAT_OPEN},
	{"e", "phi: 'yes', at_rest: 'encrypted, key in the same file'", "P04", TU_THREAT_UNKNOWN},
	{"e", "phi: 'yes', at_rest: 'yes, but'", "P04", TU_THREAT_UNKNOWN},
	{"e", "phi: 'yes', at_rest: 'to be encrypted'", "P04", TU_THREAT_UNKNOWN},
	{"e", "phi: 'yes', at_rest: 'encrypted'", "P04", TU_THREAT_NOT_APPLICABLE},
	{"e", "phi: 'yes', at_rest: 'aes-xts'", "P04", TU_THREAT_NOT_APPLICABLE},
	{"e", "phi: 'yes', at_rest: 'LUKS'", "P04", TU_THREAT_NOT_APPLICABLE},
	{"e", "phi: 'yes', at_rest: 'no plaintext, aes-xts'", "P04", TU_THREAT_NOT_APPLICABLE},
	{"e", "key_scope: 'batch'", "M02", TU_THREAT_OPEN},
	{"e", "key_scope: 'product line'", "M02", TU_THREAT_OPEN},
	{"e", "key_scope: 'common'", "M02", TU_THREAT_OPEN},
	{"e", "key_scope: 'shared'", "M02", TU_THREAT_OPEN},
	{"e", "key_scope: 'some'", "M02", TU_THREAT_UNKNOWN},
	{"e", "key_scope: 'device'", "M02", TU_THREAT_NOT_APPLICABLE},
	{"e", "key_scope: 'one per device'", "M02", TU_THREAT_NOT_APPLICABLE},
	{"e", "key_scope: 'unique'", "M02", TU_THREAT_NOT_APPLICABLE},
	{"e", "key_scope: 'not shared, per device'", "M02", TU_THREAT_NOT_APPLICABLE},
	{"e", "secure_boot: 'supported, not enforced'", "U08", TU_THREAT_OPEN},
	{"e", "secure_boot: 'disabled'", "U08", TU_THREAT_OPEN},
	{"e", "secure_boot: 'no'", "U08", TU_THREAT_OPEN},
	{"e", "secure_boot: 'optional'", "U08", TU_THREAT_UNKNOWN},
	{"e", "secure_boot: 'capable'", "U08", TU_THREAT_UNKNOWN},
	{"e", "secure_boot: 'planned'", "U08", TU_THREAT_UNKNOWN},
	{"e", "secure_boot: 'yes'", "U08", TU_THREAT_NOT_APPLICABLE},
	{"e", "secure_boot: 'enforced'", "U08", TU_THREAT_NOT_APPLICABLE},
	{"e", "secure_boot: 'verified boot'", "U08", TU_THREAT_NOT_APPLICABLE},
	{"e", "device_verifies: 'checksum only'", "M03E", TU_THREAT_OPEN},
	{"e", "device_verifies: 'signature is ignored'", "M03E", TU_THREAT_OPEN},
	{"e", "device_verifies: 'no'", "M03E", TU_THREAT_OPEN},
	{"e", "device_verifies: 'partially'", "M03E", TU_THREAT_UNKNOWN},
	{"e", "device_verifies: 'yes, but only by the server'", "M03E", TU_THREAT_UNKNOWN},
	{"e", "device_verifies: 'yes'", "M03E", TU_THREAT_NOT_APPLICABLE},
	{"e", "device_verifies: 'signature of the clinic'", "M03E", TU_THREAT_NOT_APPLICABLE},
	{"e", "device_verifies: 'ecdsa'", "M03E", TU_THREAT_NOT_APPLICABLE},
	{"e", "hardwired: 'by firmware'", "T08", TU_THREAT_OPEN},
	{"e", "hardwired: 'via PLC'", "T08", TU_THREAT_OPEN},
	{"e", "hardwired: 'software'", "T08", TU_THREAT_OPEN},
	{"e", "hardwired: 'partly'", "T08", TU_THREAT_UNKNOWN},
	{"e", "hardwired: 'yes, relay chain'", "T08", TU_THREAT_NOT_APPLICABLE},
	{"e", "hardwired: 'relay'", "T08", TU_THREAT_NOT_APPLICABLE},
	{"e", "hardwired: 'independent of the gateway'", "T08", TU_THREAT_NOT_APPLICABLE},
	{"e", "hardwired: 'discrete wire'", "T08", TU_THREAT_NOT_APPLICABLE},
	{"f", "object_check: 'role only'", "C04", TU_THREAT_OPEN},
	{"f", "object_check: 'by client'", "C04", TU_THREAT_OPEN},
	{"f", "object_check: 'no'", "C04", TU_THREAT_OPEN},
	{"f", "object_check: 'perhaps'", "C04", TU_THREAT_UNKNOWN},
	{"f", "object_check: 'yes'", "C04", TU_THREAT_NOT_APPLICABLE},
	{"f", "object_check: 'per object'", "C04", TU_THREAT_NOT_APPLICABLE},
	{"f", "object_check: 'row level security'", "C04", TU_THREAT_NOT_APPLICABLE},
	{"f", "peer_check: 'subnet'", "H09", TU_THREAT_OPEN},
	{"f", "peer_check: 'any'", "H09", TU_THREAT_OPEN},
	{"f", "peer_check: 'by IP address'", "H09", TU_THREAT_OPEN},
	{"f", "peer_check: 'usual'", "H09", TU_THREAT_UNKNOWN},
	{"f", "peer_check: 'yes'", "H09", TU_THREAT_NOT_APPLICABLE},
	{"f", "peer_check: 'mutual TLS'", "H09", TU_THREAT_NOT_APPLICABLE},
	{"f", "peer_check: 'certificate'", "H09", TU_THREAT_NOT_APPLICABLE},
	{"f", "peer_check: 'not by address, certificates'", "H09", TU_THREAT_NOT_APPLICABLE},
	{"f", "client_certificate: 'requested but not verified'", "T01", TU_THREAT_OPEN},
	{"f", "client_certificate: 'not requested'", "T01", TU_THREAT_OPEN},
	{"f", "client_certificate: 'present'", "T01", TU_THREAT_UNKNOWN},
	{"f", "client_certificate: 'optional'", "T01", TU_THREAT_UNKNOWN},
	{"f", "client_certificate: 'required'", "T01", TU_THREAT_NOT_APPLICABLE},
	{"f", "client_certificate: 'checked'", "T01", TU_THREAT_NOT_APPLICABLE},
	{"f", "client_certificate: 'yes'", "T01", TU_THREAT_NOT_APPLICABLE},
	{"e", "debug: 'JTAG active'", "P01", TU_THREAT_OPEN},
	{"e", "debug: 'not fused'", "P01", TU_THREAT_OPEN},
	{"e", "debug: 'UART root shell'", "P01", TU_THREAT_OPEN},
	{"e", "debug: 'special'", "P01", TU_THREAT_UNKNOWN},
	{"e", "debug: 'fused'", "P01", TU_THREAT_NOT_APPLICABLE},
	{"e", "debug: 'disabled'", "P01", TU_THREAT_NOT_APPLICABLE},
	{"e", "debug: 'authenticated debug'", "P01", TU_THREAT_NOT_APPLICABLE},
	{"e", "debug: 'no'", "P01", TU_THREAT_NOT_APPLICABLE},
	{"e", "port: 'in reach of visitors'", "P02", TU_THREAT_OPEN},
	{"e", "port: 'reachable'", "P02", TU_THREAT_OPEN},
	{"e", "port: 'USB'", "P02", TU_THREAT_UNKNOWN},
	{"e", "port: 'closed'", "P02", TU_THREAT_NOT_APPLICABLE},
	{"e", "port: 'not reachable'", "P02", TU_THREAT_NOT_APPLICABLE},
	{"e", "port: 'power only'", "P02", TU_THREAT_NOT_APPLICABLE},
	{"e", "port: 'covered by a seal'", "P02", TU_THREAT_NOT_APPLICABLE},
	{"f", "remote_access: '24/7'", "H05", TU_THREAT_OPEN},
	{"f", "remote_access: 'always on'", "H05", TU_THREAT_OPEN},
	{"f", "remote_access: 'permanent'", "H05", TU_THREAT_OPEN},
	{"f", "remote_access: 'vendor'", "H05", TU_THREAT_UNKNOWN},
	{"f", "remote_access: 'none'", "H05", TU_THREAT_NOT_APPLICABLE},
	{"f", "remote_access: 'no permanent access'", "H05", TU_THREAT_NOT_APPLICABLE},
	{"f", "deidentified: 'raw'", "C07D", TU_THREAT_OPEN},
	{"f", "deidentified: 'with names'", "C07D", TU_THREAT_OPEN},
	{"f", "deidentified: 'no'", "C07D", TU_THREAT_OPEN},
	{"f", "deidentified: 'mostly'", "C07D", TU_THREAT_UNKNOWN},
	{"f", "deidentified: 'yes'", "C07D", TU_THREAT_NOT_APPLICABLE},
	{"f", "deidentified: 'anonymised'", "C07D", TU_THREAT_NOT_APPLICABLE},
	{"f", "deidentified: 'no names'", "C07D", TU_THREAT_NOT_APPLICABLE},
	{"e", "key_custody: 'CI server'", "C06", TU_THREAT_OPEN},
	{"e", "key_custody: 'build server'", "C06", TU_THREAT_OPEN},
	{"e", "key_custody: 'online-single'", "C06", TU_THREAT_OPEN},
	{"e", "key_custody: 'developer laptop'", "C06", TU_THREAT_OPEN},
	{"e", "key_custody: 'cupboard'", "C06", TU_THREAT_UNKNOWN},
	{"e", "key_custody: 'split among three officers'", "C06", TU_THREAT_NOT_APPLICABLE},
	{"e", "key_custody: 'escrow'", "C06", TU_THREAT_NOT_APPLICABLE},
	{"f", "identity_binding: 'typed slot number'", "T13", TU_THREAT_OPEN},
	{"f", "identity_binding: 'bed'", "T13", TU_THREAT_OPEN},
	{"f", "identity_binding: 'no'", "T13", TU_THREAT_OPEN},
	{"f", "identity_binding: 'guessed from the bed'", "T13", TU_THREAT_OPEN},
	{"f", "identity_binding: 'somehow'", "T13", TU_THREAT_UNKNOWN},
	{"f", "identity_binding: 'bed and wristband'", "T13", TU_THREAT_NOT_APPLICABLE},
	{"f", "identity_binding: 'signed by the pump'", "T13", TU_THREAT_NOT_APPLICABLE},
	{"f", "identity_binding: 'yes'", "T13", TU_THREAT_NOT_APPLICABLE},
	{"f", "login: 'facebook'", "C03S", TU_THREAT_OPEN},
	{"f", "login: 'social account'", "C03S", TU_THREAT_OPEN},
	{"f", "login: 'hospital account'", "C03S", TU_THREAT_NOT_APPLICABLE},
	{"f", "login: 'no social accounts'", "C03S", TU_THREAT_NOT_APPLICABLE},
	{"e", "break_glass: 'unlimited'", "T10", TU_THREAT_OPEN},
	{"e", "break_glass: 'shared code'", "T10", TU_THREAT_OPEN},
	{"e", "break_glass: 'known to all staff'", "T10", TU_THREAT_OPEN},
	{"e", "break_glass: 'without login'", "T10", TU_THREAT_OPEN},
	{"e", "break_glass: 'sealed envelope'", "T10", TU_THREAT_UNKNOWN},
	{"e", "break_glass: 'nurse'", "T10", TU_THREAT_UNKNOWN},
	{"e", "break_glass: 'tbd'", "T10", TU_THREAT_UNKNOWN},
	{"e", "break_glass: 'not unlimited, 30 minutes, logged'", "T10", TU_THREAT_NOT_APPLICABLE},
	{"e", "break_glass: 'expires after one hour, recorded'", "T10", TU_THREAT_NOT_APPLICABLE},
	{"e", "break_glass: 'none'", "T10", TU_THREAT_NOT_APPLICABLE},
	{"e", "wake: 'unlimited'", "R03", TU_THREAT_OPEN},
	{"e", "wake: 'any radio frame wakes it, no limit'", "R03", TU_THREAT_OPEN},
	{"e", "wake: 'n/a'", "R03", TU_THREAT_UNKNOWN},
	{"e", "wake: 'no more than once a minute'", "R03", TU_THREAT_NOT_APPLICABLE},
	{"e", "wake: 'not unlimited, magnet'", "R03", TU_THREAT_NOT_APPLICABLE},
	{"e", "wake: 'rate-limited'", "R03", TU_THREAT_NOT_APPLICABLE},
	{"e", "accounts: 'shared'", "P05", TU_THREAT_OPEN},
	{"e", "accounts: 'default'", "P05", TU_THREAT_OPEN},
	{"e", "accounts: 'named'", "P05", TU_THREAT_NOT_APPLICABLE},
	{"e", "accounts: 'nothing shared'", "P05", TU_THREAT_NOT_APPLICABLE},
	{"e", "accounts: 'not shared, personal'", "P05", TU_THREAT_NOT_APPLICABLE},
	{"e", "radio_id: 'static'", "R05", TU_THREAT_OPEN},
	{"e", "radio_id: 'fixed'", "R05", TU_THREAT_OPEN},
	{"e", "radio_id: 'not static'", "R05", TU_THREAT_NOT_APPLICABLE},
	{"e", "radio_id: 'rotating'", "R05", TU_THREAT_NOT_APPLICABLE},
	{"e", "radio_id: 'resolvable private address'", "R05", TU_THREAT_NOT_APPLICABLE},
	{"e", "bridge: 'yes'", "H07", TU_THREAT_OPEN},
	{"e", "bridge: 'perhaps'", "H07", TU_THREAT_UNKNOWN},
	{"e", "bridge: 'no'", "H07", TU_THREAT_NOT_APPLICABLE},
	{"e", "bridge: 'no forwarding'", "H07", TU_THREAT_NOT_APPLICABLE},
	{"e", "inbound: 'yes'", "R07", TU_THREAT_OPEN},
	{"e", "inbound: 'from anywhere'", "R07", TU_THREAT_OPEN},
	{"e", "inbound: 'open'", "R07", TU_THREAT_OPEN},
	{"e", "inbound: 'some'", "R07", TU_THREAT_UNKNOWN},
	{"e", "inbound: 'yes, but dropped by the operator'", "R07", TU_THREAT_UNKNOWN},
	{"e", "inbound: 'no'", "R07", TU_THREAT_NOT_APPLICABLE},
	{"e", "inbound: 'blocked'", "R07", TU_THREAT_NOT_APPLICABLE},
	{"e", "inbound: 'outbound only'", "R07", TU_THREAT_NOT_APPLICABLE},
	{"e", "listener: 'yes', partition: 'none'", "T04", TU_THREAT_OPEN},
	{"e", "listener: 'yes', partition: 'shared processor'", "T04", TU_THREAT_OPEN},
	{"e", "listener: 'yes', partition: 'single core'", "T04", TU_THREAT_OPEN},
	{"e", "listener: 'yes', partition: 'own processor'", "T04", TU_THREAT_NOT_APPLICABLE},
	{"e", "listener: 'yes', partition: 'nothing shared'", "T04", TU_THREAT_NOT_APPLICABLE},
	{"e", "listener: 'yes', partition: 'hypervisor'", "T04", TU_THREAT_NOT_APPLICABLE},
	{"f", "third_party: 'unlisted'", "C07", TU_THREAT_OPEN},
	{"f", "third_party: 'all data'", "C07", TU_THREAT_OPEN},
	{"f", "third_party: 'vendor'", "C07", TU_THREAT_UNKNOWN},
	{"f", "third_party: 'none'", "C07", TU_THREAT_NOT_APPLICABLE},
	{"f", "third_party: 'listed'", "C07", TU_THREAT_NOT_APPLICABLE},
	{"f", "third_party: 'nothing shared'", "C07", TU_THREAT_NOT_APPLICABLE},
	{"f", "mfa: 'no'", "C03", TU_THREAT_OPEN},
	{"f", "mfa: 'SMS for some'", "C03", TU_THREAT_UNKNOWN},
	{"f", "mfa: 'yes'", "C03", TU_THREAT_NOT_APPLICABLE},
	{"f", "mfa: 'required'", "C03", TU_THREAT_NOT_APPLICABLE},
	{"e", "tag: 'plain UID'", "R08", TU_THREAT_OPEN},
	{"e", "tag: 'unauthenticated'", "R08", TU_THREAT_OPEN},
	{"e", "tag: 'blue'", "R08", TU_THREAT_UNKNOWN},
	{"e", "tag: 'challenge-response'", "R08", TU_THREAT_NOT_APPLICABLE},
	{"e", "tag: 'signed NDEF'", "R08", TU_THREAT_NOT_APPLICABLE},
};

/* A mechanism counts for the property that it gives and no other. */
static const struct {
	const char *property, *text, *rule;
	enum tu_threat_outcome outcome;
} properties[] = {
	{"authentication", "none", "T01", TU_THREAT_OPEN},
	{"authentication", "not authenticated", "T01", TU_THREAT_OPEN},
	{"authentication", "blue", "T01", TU_THREAT_UNKNOWN},
	{"authentication", "planned: mutual", "T01", TU_THREAT_UNKNOWN},
	{"authentication", "mutual", "T01", TU_THREAT_NOT_APPLICABLE},
	{"authentication", "ed25519 signature", "T01", TU_THREAT_NOT_APPLICABLE},
	{"authentication", "two-factor", "T01", TU_THREAT_NOT_APPLICABLE},
	{"authentication", "2FA", "T01", TU_THREAT_NOT_APPLICABLE},
	{"authentication", "x509", "T01", TU_THREAT_NOT_APPLICABLE},
	{"authentication", "WireGuard", "T01", TU_THREAT_NOT_APPLICABLE},
	{"authentication", "TLS1.3", "T01", TU_THREAT_NOT_APPLICABLE},
	{"authentication", "not anonymous, mTLS", "T01", TU_THREAT_NOT_APPLICABLE},
	{"authentication", "no password, smartcard", "T01", TU_THREAT_UNKNOWN},
	{"integrity", "none", "T01I", TU_THREAT_OPEN},
	{"integrity", "crc32", "T01I", TU_THREAT_OPEN},
	{"integrity", "No.", "T01I", TU_THREAT_OPEN},
	{"integrity", "smartcard", "T01I", TU_THREAT_UNKNOWN},
	{"integrity", "mutual", "T01I", TU_THREAT_UNKNOWN},
	{"integrity", "two-person", "T01I", TU_THREAT_UNKNOWN},
	{"integrity", "tbd", "T01I", TU_THREAT_UNKNOWN},
	{"integrity", "aes-gcm", "T01I", TU_THREAT_NOT_APPLICABLE},
	{"integrity", "AES-CCM", "T01I", TU_THREAT_NOT_APPLICABLE},
	{"integrity", "hmac-sha256", "T01I", TU_THREAT_NOT_APPLICABLE},
	{"integrity", "ecdsa", "T01I", TU_THREAT_NOT_APPLICABLE},
	{"integrity", "digital signature", "T01I", TU_THREAT_NOT_APPLICABLE},
	{"integrity", "wireguard", "T01I", TU_THREAT_NOT_APPLICABLE},
	{"integrity", "TLS1.3", "T01I", TU_THREAT_NOT_APPLICABLE},
	{"encryption", "none", "H10", TU_THREAT_OPEN},
	{"encryption", "plain", "H10", TU_THREAT_OPEN},
	{"encryption", "base64", "H10", TU_THREAT_OPEN},
	{"encryption", "signature", "H10", TU_THREAT_UNKNOWN},
	{"encryption", "smartcard", "H10", TU_THREAT_UNKNOWN},
	{"encryption", "mutual", "H10", TU_THREAT_UNKNOWN},
	{"encryption", "optional", "H10", TU_THREAT_UNKNOWN},
	{"encryption", "aes-gcm", "H10", TU_THREAT_NOT_APPLICABLE},
	{"encryption", "tls1.3", "H10", TU_THREAT_NOT_APPLICABLE},
	{"encryption", "wireguard", "H10", TU_THREAT_NOT_APPLICABLE},
	{"encryption", "no plaintext, tls", "H10", TU_THREAT_NOT_APPLICABLE},
	{"freshness", "none", "T02", TU_THREAT_OPEN},
	{"freshness", "static", "T02", TU_THREAT_OPEN},
	{"freshness", "smelly", "T02", TU_THREAT_UNKNOWN},
	{"freshness", "to be defined", "T02", TU_THREAT_UNKNOWN},
	{"freshness", "counter", "T02", TU_THREAT_NOT_APPLICABLE},
	{"freshness", "nonce", "T02", TU_THREAT_NOT_APPLICABLE},
	{"freshness", "rolling counter", "T02", TU_THREAT_NOT_APPLICABLE},
};

static struct tu_threats find_with(const char *at, const char *fact)
{
	const struct tu_threat_pack *pack = NULL;
	struct tu_error err;
	char model[2000];
	bool element = at[0] == 'e';

	snprintf(model, sizeof(model),
		"schema: tutela-model/1\nzones: [{id: z, role: device}, {id: y, role: hospital}]\n"
		"elements:\n - {id: a, kind: process, zone: y, functions: [display]}\n"
		" - {id: e, kind: process, zone: z, functions: [therapy], assets: [dose], "
		"patients: "
		"1, count: 5, facts: {%s}}\n"
		"flows: [{id: f, from: a, to: e, carries: [command], medium: ip, assets: [dose], "
		"authentication: mutual, integrity: mac, encryption: aead, freshness: counter, "
		"fan_out: 1, facts: {%s}}]\n",
		element ? fact : "", element ? "" : fact);
	if (tu_threat_pack_builtin(arena, &pack, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	return scene_find(scene_model(model), pack, (struct tu_dispositions){0});
}

static size_t count_open(const char *at, const char *fact, const char *rule)
{
	struct tu_threats found = find_with(at, fact);
	size_t open = 0;

	for (size_t i = 0; i < found.count; i++) {
		if (found.at[i].outcome != TU_THREAT_OPEN)
			continue;
		open += !rule || tu_str_eq(found.at[i].rule, tu_str_c(rule));
		if (!rule)
			print_message("%s: %.*s\n", fact, TU_STR_FMT(found.at[i].key));
	}
	return open;
}

static void knows_each_fact(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		if (facts[i].rule && !count_open(facts[i].at, facts[i].weak, facts[i].rule))
			fail_msg("%s: %s is not found", facts[i].weak, facts[i].rule);
		if (count_open(facts[i].at, facts[i].sound, NULL))
			fail_msg("%s: a false alarm", facts[i].sound);
	}
	assert_int_equal(count_open("e", "", NULL), 0);
}

/* Of the rule; nothing is as good as not applicable. */
static enum tu_threat_outcome outcome_of(struct tu_threats found, const char *rule)
{
	for (size_t i = 0; i < found.count; i++)
		if (tu_str_eq(found.at[i].rule, tu_str_c(rule)))
			return found.at[i].outcome;
	return TU_THREAT_NOT_APPLICABLE;
}

static void reads_words_of_facts(void **state)
{
	size_t wrong = 0;
	(void)state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct tu_threats found = find_with(texts[i].at, texts[i].fact);
		enum tu_threat_outcome outcome = outcome_of(found, texts[i].rule);
		bool open = texts[i].outcome != TU_THREAT_OPEN &&
			count_open(texts[i].at, texts[i].fact, NULL);

		close_arena(NULL);
		assert_int_equal(open_arena(NULL), 0);
		if (outcome == texts[i].outcome && !open)
			continue;
		print_message("%s of %s: outcome %d, not %d\n", texts[i].fact, texts[i].rule,
			(int)outcome, (int)texts[i].outcome);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void reads_words_of_properties(void **state)
{
	size_t wrong = 0;
	(void)state;

	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
		const struct tu_threat_pack *pack = NULL;
		struct tu_threats found;
		struct tu_error err;
		char model[1000];

		snprintf(model, sizeof(model),
			"schema: tutela-model/1\n"
			"elements:\n - {id: a, kind: process}\n - {id: e, kind: process, "
			"functions: [therapy]}\n"
			"flows: [{id: f, from: a, to: e, carries: [command], medium: ip, assets: "
			"[dose, name], "
			"%s: '%s'}]\n",
			properties[i].property, properties[i].text);
		close_arena(NULL);
		assert_int_equal(open_arena(NULL), 0);
		if (tu_threat_pack_builtin(arena, &pack, &err) != TU_OK)
			fail_msg("%s", error_text(&err));
		found = scene_find(scene_model(model), pack, (struct tu_dispositions){0});
		if (outcome_of(found, properties[i].rule) == properties[i].outcome)
			continue;
		print_message("%s %s: outcome %d\n", properties[i].property, properties[i].text,
			(int)outcome_of(found, properties[i].rule));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(refuses, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(reads_the_builtin_pack, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(refuses_decisions, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(knows_each_fact, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(reads_words_of_facts, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(reads_words_of_properties, open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
