/// Answers recorded from LiteLLM 1.109.1; ids and moments are those of that run.
enum RecordedPeople {
    static let newUser = #"""
        {"models": ["gpt-4"], "spend": 0.0, "max_budget": 5.0, "user_id": "golden-u-1795231967", "metadata": {},
        "allowed_cache_controls": [], "config": {}, "permissions": {}, "model_max_budget": {},
        "budget_fallbacks": {}, "aliases": {}, "key": "sk-nKlAJ2QFqUTWh-nZ8mON0Q", "allowed_routes": [],
        "router_settings": {"routing_strategy_args": null, "routing_strategy": null, "routing_groups": null,
        "retry_policy": null, "model_group_retry_policy": null, "model_group_affinity_config": null,
        "allowed_fails": null, "cooldown_time": null, "num_retries": null, "timeout": null, "max_retries": null,
        "retry_after": null, "fallbacks": null, "context_window_fallbacks": null,
        "content_policy_fallbacks": null, "model_group_alias": {}, "enable_tag_filtering": null, "weights": null,
        "tag_routing_prefix": null, "optional_pre_call_checks": null, "fallback_on_unsupported_params": null},
        "access_group_ids": [], "key_name": "sk-...ON0Q", "created_at": "2026-11-21T03:32:47.148000Z",
        "updated_at": "2026-11-21T03:32:47.148000Z", "user_email": "golden-u-1795231967@x.io",
        "user_role": "internal_user"}
        """#

    static let userInfo = #"""
        {"user_id": "golden-u-1795231967", "user_info": {"verified_subjects": null,
        "user_id": "golden-u-1795231967", "user_alias": null, "team_id": null, "sso_user_id": null,
        "organization_id": null, "object_permission_id": null, "password_reset_required": null,
        "last_breach_check_at": null, "teams": [], "user_role": "internal_user", "max_budget": 5.0, "spend": 0.0,
        "user_email": "golden-u-1795231967@x.io", "models": ["gpt-4"], "metadata": {},
        "max_parallel_requests": null, "tpm_limit": null, "rpm_limit": null, "budget_duration": null,
        "budget_reset_at": null, "allowed_cache_controls": [], "policies": [], "model_spend": {},
        "model_max_budget": {}, "created_at": "2026-11-21T03:32:47.147000Z",
        "updated_at": "2026-11-21T03:32:47.147000Z", "litellm_organization_table": null,
        "organization_memberships": [], "invitations_created": null, "invitations_updated": null,
        "invitations_user": null, "object_permission": null, "model_max_budget_usage": {}},
        "keys": [{"token": "ff667b0a2966a54091154ae6e048357bdbb9b753c9fdbf1a1508670da3fb0308",
        "key_name": "sk-...ON0Q", "soft_budget_cooldown": false, "spend": 0.0, "total_spend": 0.0,
        "models": ["gpt-4"], "aliases": {}, "config": {}, "router_settings": {},
        "user_id": "golden-u-1795231967", "permissions": {}, "metadata": {}, "allowed_cache_controls": [],
        "allowed_routes": [], "policies": [], "access_group_ids": [], "model_spend": {}, "model_max_budget": {},
        "budget_fallbacks": {}, "created_at": "2026-11-21T03:32:47.148000Z",
        "updated_at": "2026-11-21T03:32:47.148000Z", "rotation_count": 0, "auto_rotate": false,
        "team_alias": "None"}], "teams": [], "admin_mcp_permissions": null}
        """#

    static let newTeam = #"""
        {"team_alias": "golden-team", "team_id": "f1785544-5861-4fdc-8595-7601e91dbfa1", "organization_id": null,
        "admins": [], "members": [], "members_with_roles": [{"user_id": "golden-admin", "user_email": null,
        "role": "user"}, {"user_id": "default_user_id", "user_email": null, "role": "admin"}],
        "team_member_permissions": [], "metadata": {}, "tpm_limit": 1000, "rpm_limit": null, "tpd_limit": null,
        "max_budget": 50.0, "soft_budget": null, "budget_duration": null, "budget_limits": null,
        "models": ["gpt-4"], "blocked": false, "router_settings": {}, "access_group_ids": [],
        "default_team_member_models": [], "spend": 0.0, "max_parallel_requests": null, "budget_reset_at": null,
        "model_id": null, "model_spend": {}, "model_max_budget": {}, "policies": [],
        "allow_team_guardrail_config": false, "litellm_model_table": null, "object_permission": null,
        "object_permission_id": null, "updated_at": "2026-11-21T03:32:47.536000Z",
        "created_at": "2026-11-21T03:32:47.536000Z"}
        """#

    static let teamInfo = #"""
        {"team_id": "f1785544-5861-4fdc-8595-7601e91dbfa1", "team_info": {"team_alias": "golden-team",
        "team_id": "f1785544-5861-4fdc-8595-7601e91dbfa1", "admins": [], "members": [],
        "members_with_roles": [{"user_id": "golden-admin", "user_email": null, "role": "user",
        "user_alias": null}, {"user_id": "default_user_id", "user_email": null, "role": "admin",
        "user_alias": null}], "team_member_permissions": [], "metadata": {}, "tpm_limit": 1000,
        "max_budget": 50.0, "models": ["gpt-4"], "blocked": false, "router_settings": {}, "access_group_ids": [],
        "default_team_member_models": [], "spend": 0.0, "model_spend": {}, "model_max_budget": {},
        "policies": [], "allow_team_guardrail_config": false, "updated_at": "2026-11-21T03:32:47.547000Z",
        "created_at": "2026-11-21T03:32:47.536000Z", "model_max_budget_usage": {},
        "caller_edit_access": {"kind": "unrestricted"}}, "keys": [],
        "team_memberships": [{"user_id": "golden-admin", "team_id": "f1785544-5861-4fdc-8595-7601e91dbfa1",
        "budget_id": null, "spend": 0.0, "total_spend": 0.0, "litellm_budget_table": null,
        "budget_source": "none"}, {"user_id": "default_user_id",
        "team_id": "f1785544-5861-4fdc-8595-7601e91dbfa1", "budget_id": null, "spend": 0.0, "total_spend": 0.0,
        "litellm_budget_table": null, "budget_source": "none"}]}
        """#

    static let memberAdd = #"""
        {"team_alias": "golden-team", "team_id": "f1785544-5861-4fdc-8595-7601e91dbfa1", "organization_id": null,
        "admins": [], "members": [], "members_with_roles": [{"user_id": "golden-admin", "user_email": null,
        "role": "user"}, {"user_id": "default_user_id", "user_email": null, "role": "admin"},
        {"user_id": "golden-member", "user_email": null, "role": "user"}], "team_member_permissions": [],
        "metadata": {}, "tpm_limit": 1000, "rpm_limit": null, "tpd_limit": null, "max_budget": 60.0,
        "soft_budget": null, "budget_duration": null, "budget_limits": null, "models": ["gpt-4"],
        "blocked": false, "router_settings": {}, "access_group_ids": [], "default_team_member_models": [],
        "spend": 0.0, "max_parallel_requests": null, "budget_reset_at": null, "model_id": null,
        "model_spend": {}, "model_max_budget": {}, "policies": [], "allow_team_guardrail_config": false,
        "litellm_model_table": null, "object_permission": null, "object_permission_id": null,
        "updated_at": "2026-11-21T03:32:47.690000Z", "created_at": "2026-11-21T03:32:47.536000Z",
        "updated_users": [{"user_id": "golden-member", "user_alias": null, "team_id": null, "sso_user_id": null,
        "organization_id": null, "object_permission_id": null, "password_reset_required": null,
        "last_breach_check_at": null, "teams": ["f1785544-5861-4fdc-8595-7601e91dbfa1"],
        "user_role": "internal_user", "max_budget": null, "spend": 0.0, "user_email": null, "models": [],
        "metadata": {}, "max_parallel_requests": null, "tpm_limit": null, "rpm_limit": null,
        "budget_duration": null, "budget_reset_at": null, "allowed_cache_controls": [], "policies": [],
        "model_spend": {}, "model_max_budget": {}, "created_at": "2026-11-21T03:32:47.685000Z",
        "updated_at": "2026-11-21T03:32:47.687000Z", "organization_memberships": null,
        "object_permission": null}], "updated_team_memberships": [{"user_id": "golden-member",
        "team_id": "f1785544-5861-4fdc-8595-7601e91dbfa1", "budget_id": "5ee10fa5-21dc-4071-88f3-006258a67f87",
        "spend": 0.0, "total_spend": 0.0,
        "litellm_budget_table": {"budget_id": "5ee10fa5-21dc-4071-88f3-006258a67f87", "soft_budget": null,
        "max_budget": 1.0, "max_parallel_requests": null, "tpm_limit": null, "rpm_limit": null,
        "tpd_limit": null, "model_max_budget": null, "budget_duration": null, "allowed_models": [],
        "temp_budget_increase": null, "temp_budget_expiry": null, "budget_reset_at": null,
        "created_at": "2026-11-21T03:32:47.685000Z"}}]}
        """#

    static let memberUpdate = #"""
        {"user_id": "golden-member", "user_email": null, "team_id": "f1785544-5861-4fdc-8595-7601e91dbfa1",
        "max_budget_in_team": 2.0, "tpm_limit": null, "rpm_limit": null, "budget_duration": null,
        "allowed_models": null, "temp_budget_increase": null, "temp_budget_expiry": null,
        "model_max_budget": null}
        """#

    static let newCustomer = #"""
        {"user_id": "golden-cust-1795231968", "blocked": false, "alias": null, "spend": 0.0,
        "allowed_model_region": null, "default_model": null, "models": [],
        "budget_id": "6412cb7c-2fa9-40df-85d7-ec99be1a481e",
        "litellm_budget_table": {"budget_id": "6412cb7c-2fa9-40df-85d7-ec99be1a481e", "soft_budget": null,
        "max_budget": 1.0, "max_parallel_requests": null, "tpm_limit": null, "rpm_limit": null,
        "tpd_limit": null, "model_max_budget": null, "budget_duration": null, "allowed_models": [],
        "temp_budget_increase": null, "temp_budget_expiry": null, "budget_reset_at": null,
        "created_at": "2026-11-21T03:32:48.420000Z"}, "object_permission_id": null, "object_permission": null}
        """#

    static let newBudget = #"""
        {"budget_id": "golden-b-1795231968", "max_budget": 5.0, "soft_budget": null,
        "max_parallel_requests": null, "tpm_limit": null, "rpm_limit": null, "tpd_limit": null,
        "model_max_budget": null, "budget_duration": "1d", "budget_reset_at": "2026-11-22T00:00:00Z",
        "allowed_models": [], "temp_budget_increase": null, "temp_budget_expiry": null,
        "created_at": "2026-11-21T03:32:48.684000Z", "created_by": "default_user_id",
        "updated_at": "2026-11-21T03:32:48.683000Z", "updated_by": "default_user_id", "organization": null,
        "projects": null, "keys": null, "end_users": null, "tags": null, "model_access_groups": null,
        "team_membership": null, "organization_membership": null}
        """#
}
