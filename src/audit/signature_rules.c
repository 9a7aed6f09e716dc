/* Who may sign what: words, the rights of roles, the rules. */
#include "audit/signature.h"

static const char *const meanings[TU_MEANINGS] = {
	[TU_MEANING_AUTHORSHIP] = "authorship",
	[TU_MEANING_REVIEW] = "review",
	[TU_MEANING_APPROVAL] = "approval",
	[TU_MEANING_RESPONSIBILITY] = "responsibility",
};

const char *tu_meaning_name(enum tu_meaning meaning)
{
	return meanings[meaning];
}

bool tu_meaning_by_name(struct tu_str name, enum tu_meaning *out_meaning)
{
	for (unsigned i = 0; i < TU_MEANINGS; i++) {
		if (tu_str_eq(name, tu_str_c(meanings[i]))) {
			*out_meaning = (enum tu_meaning)i;
			return true;
		}
	}
	return false;
}

/* What a role may sign with. Who can make accounts and set passwords signs nothing, so that no
 * signature is in doubt for that; nor does who only reads. */
static const bool rights[TU_PERSON_ROLES][TU_MEANINGS] = {
	/* author, review, approve, responsible */
	[TU_PERSON_VIEWER] = {false, false, false, false},
	[TU_PERSON_ANALYST] = {true, true, false, false},
	[TU_PERSON_APPROVER] = {true, true, true, true},
	[TU_PERSON_ADMINISTRATOR] = {false, false, false, false},
	[TU_PERSON_AUDITOR] = {false, false, false, false},
	[TU_PERSON_CUSTOMER] = {false, false, false, false},
};

bool tu_signature_may(enum tu_person_role role, enum tu_meaning meaning)
{
	return rights[role][meaning];
}

static bool is_proven(const struct tu_signature_facts *f)
{
	return f->proven;
}

static bool is_own_password(const struct tu_signature_facts *f)
{
	return !f->once;
}

static bool is_fresh(const struct tu_signature_facts *f)
{
	return f->proof_age >= 0 && f->proof_age <= TU_PROOF_US;
}

static bool is_active(const struct tu_signature_facts *f)
{
	return f->active;
}

static bool is_named(const struct tu_signature_facts *f)
{
	return f->named;
}

static bool has_zone(const struct tu_signature_facts *f)
{
	return f->zone;
}

static bool has_right(const struct tu_signature_facts *f)
{
	return tu_signature_may(f->role, f->meaning);
}

static bool is_of_others(const struct tu_signature_facts *f)
{
	return !f->own_work ||
		(f->meaning != TU_MEANING_APPROVAL && f->meaning != TU_MEANING_REVIEW);
}

static bool is_first(const struct tu_signature_facts *f)
{
	return !f->signed_before;
}

static const struct {
	const char *name;
	bool (*is_kept)(const struct tu_signature_facts *facts);
	const char *says;
} rules[] = {
	{"proof", is_proven, "whoever signs must have proven who they are (21 CFR 11.200)"},
	{"one-time-password", is_own_password,
		"nothing is signed with a one-time password: choose a password of your own"},
	{"proof-age", is_fresh, "the proof is too old: enter login and password again"},
	{"active", is_active, "this person may no longer sign"},
	{"name", is_named, "a signature shows the printed name (21 CFR 11.50), which is not known"},
	{"zone", has_zone, "the time of a signature has a zone: expected \"Z\" or \"+01:00\""},
	{"role", has_right, "the role does not allow this"},
	{"own-work", is_of_others, "nobody reviews or approves their own work"},
	{"once", is_first, "this person has signed the same content with the same meaning"},
};

enum tu_status tu_signature_judge(const struct tu_signature_facts *facts, struct tu_error *err)
{
	for (size_t i = 0; i < TU_COUNT(rules); i++) {
		if (!rules[i].is_kept(facts))
			return tu_fail_at(err, TU_E_CONSTRAINT,
				&(struct tu_error_place){.pointer = rules[i].name}, "%s",
				rules[i].says);
	}
	return TU_OK;
}
