/* Who may sign what (audit/signature_rules.c): the whole table of roles, and each rule alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "audit/signature.h"

static struct tu_signature_facts good(void)
{
	return (struct tu_signature_facts){.role = TU_PERSON_APPROVER,
		.meaning = TU_MEANING_APPROVAL,
		.active = true,
		.named = true,
		.proven = true,
		.zone = true};
}

/* One letter a meaning, where the role may sign with it. */
static void roles_have_their_meanings(void **state)
{
	static const struct {
		const char *role;
		const char *may;
	} rows[] = {
		{"viewer", ""},
		{"analyst", "authorship review"},
		{"approver", "authorship review approval responsibility"},
		{"administrator", ""},
		{"auditor", ""},
		{"customer", ""},
	};

	(void)state;
	assert_int_equal(TU_COUNT(rows), TU_PERSON_ROLES);
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		for (unsigned m = 0; m < TU_MEANINGS; m++) {
			struct tu_signature_facts facts = good();
			const char *meaning = tu_meaning_name((enum tu_meaning)m);

			assert_true(tu_person_role_by_name(tu_str_c(rows[i].role), &facts.role));
			assert_true(tu_meaning_by_name(tu_str_c(meaning), &facts.meaning));
			assert_int_equal(tu_signature_judge(&facts, NULL) == TU_OK,
				strstr(rows[i].may, meaning) != NULL);
		}
	}
}

static void each_rule_refuses(void **state)
{
	static const struct {
		const char *rule; /* "": it may be signed */
		enum tu_meaning meaning;
		bool inactive, unnamed, unproven, own, before, no_zone, once;
		int64_t age;
	} rows[] = {
		{"", TU_MEANING_APPROVAL},
		{"active", TU_MEANING_APPROVAL, .inactive = true},
		{"name", TU_MEANING_APPROVAL, .unnamed = true},
		{"proof", TU_MEANING_APPROVAL, .unproven = true},
		{"zone", TU_MEANING_APPROVAL, .no_zone = true},
		{"once", TU_MEANING_APPROVAL, .before = true},
		{"own-work", TU_MEANING_APPROVAL, .own = true},
		{"own-work", TU_MEANING_REVIEW, .own = true},
		{"", TU_MEANING_AUTHORSHIP, .own = true},
		{"", TU_MEANING_RESPONSIBILITY, .own = true},
		{"", TU_MEANING_APPROVAL, .age = TU_PROOF_US},
		{"one-time-password", TU_MEANING_APPROVAL, .once = true},
		{"proof-age", TU_MEANING_APPROVAL, .age = TU_PROOF_US + 1},
		{"proof-age", TU_MEANING_APPROVAL, .age = -1},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_signature_facts facts = good();
		struct tu_error err = {0};

		facts.meaning = rows[i].meaning;
		facts.active = !rows[i].inactive;
		facts.named = !rows[i].unnamed;
		facts.proven = !rows[i].unproven;
		facts.own_work = rows[i].own;
		facts.signed_before = rows[i].before;
		facts.zone = !rows[i].no_zone;
		facts.once = rows[i].once;
		facts.proof_age = rows[i].age;
		assert_int_equal(
			tu_signature_judge(&facts, &err), *rows[i].rule ? TU_E_CONSTRAINT : TU_OK);
		assert_string_equal(err.pointer, rows[i].rule);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_have_their_meanings),
		cmocka_unit_test(each_rule_refuses),
	};

	return cmocka_run_group_tests_name("signature rules", tests, NULL, NULL);
}
