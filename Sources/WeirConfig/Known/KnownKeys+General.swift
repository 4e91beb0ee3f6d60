extension KnownKeys {
    static let generalSettings = """
        master_key text now the key that may do everything
        max_request_size_mb count now largest request, in megabytes
        litellm_key_header_name text now the header that carries the key in place of Authorization
        compat text now which LiteLLM to behave like, 1.83 or 1.109
        accounting_capture any later lasting record of usage
        accounting_sync_ack flag later answer only after the usage is recorded
        accounting_sync_ack_timeout_seconds seconds later longest wait for that record
        accounting_sync_ack_failure_policy text later what happens when the record fails
        request_tag_mappings list later tags made from the baggage header
        completion_model text later the model for every chat request
        max_in_flight_requests_per_worker count later requests that a worker serves at once
        max_queued_requests_per_worker count later requests that may wait for a worker
        admission_queue_timeout_seconds number later longest wait for a worker
        plugins any later services shown inside the admin pages
        key_management_system any later where secrets come from
        use_google_kms flag later decrypt keys with Google's service
        use_azure_key_vault flag later take keys from Azure's vault
        dangerously_permit_weak_or_unset_master_key flag later start even with a weak master key
        coordination_redis map now the Redis that replicas share, where router_settings names none
        fail_closed_rate_limit_enforcement flag now the same as redis_failure_mode: closed
        control_plane_url text later the instance whose admin pages rule this one
        allow_cli_sso_verification_uri_complete flag later fill in the device code on sign-in
        include_call_id_in_error_body flag later name the call in error bodies
        enable_claude_code_gateway flag later the gateway protocol of Claude Code
        claude_code_gateway_managed_settings map later settings handed to Claude Code
        database_url text now the PostgreSQL database
        database_connection_pool_limit count now connections to the database
        database_connection_timeout number now longest wait for the database
        database_connect_timeout seconds now longest wait for a new connection
        database_socket_timeout seconds later longest wait for an answer of the database
        database_max_idle_connection_lifetime number later age at which an idle connection is closed
        database_extra_connection_params map later more parameters of the database's address
        database_disable_prepared_statements flag later no prepared statements, for pgbouncer
        database_type text later a database other than PostgreSQL
        database_args any later settings of that database
        otel flag later OpenTelemetry
        custom_auth text later Python code that checks keys
        max_parallel_requests count now requests of one key at once
        global_max_parallel_requests count now requests at once, altogether
        user_api_key_cache_max_size count now keys kept in memory
        max_batch_file_size_mb count later largest batch file
        max_batch_file_records count later most lines of a batch file
        max_batch_file_uploads_per_day count later batch files of a key in a day
        max_file_downloads_per_minute count later downloads of a file in a minute
        max_file_size_mb count later largest file to upload
        allowed_file_extensions list later endings that uploads may have
        blocked_file_extensions list later endings that uploads may not have
        max_response_size_mb count later largest answer, in megabytes
        proxy_config_reload_interval_seconds number later how often the database is asked for changes
        cancel_on_disconnect flag now stop the provider's work when the client leaves
        infer_model_from_keys flag later list models whose keys are in the environment
        background_health_checks flag now look at deployments all the time
        health_check_interval seconds now seconds between two such looks; 300 if left out
        health_check_concurrency count now looks at the same time
        health_check_skip_disabled_background_models flag later leave models out of checks on demand too
        background_health_check_model_groups list now the only model groups that are looked at in the background
        model_list_healthy_only flag later list only models that are healthy
        return_wildcard_routes flag later list wildcards as models
        alerting list later where alerts go
        alert_types list later which alerts there are
        alert_to_webhook_url map later an address for each kind of alert
        alerting_args map later settings of alerts
        alerting_threshold number later seconds after which a request hangs
        ui_access_mode text later who may see the admin pages
        max_failed_login_attempts_per_source count later failed sign-ins from one address
        max_failed_login_attempts_per_source_overrides map later the same for single addresses
        failed_login_window_seconds seconds later time in which they are counted
        failed_login_block_seconds seconds later how long an address is then blocked
        allowed_routes list later paths that users may call
        reject_clientside_metadata_tags flag later refuse tags that the client sends
        vector_store_deny_by_default flag later vector stores need a permission
        search_tool_deny_by_default flag later search tools need a permission
        missing_session_id text later what to do without a session's id
        enable_public_model_hub flag later a public page of models
        pass_through_request_timeout seconds later longest wait on pass-through paths
        responses_websocket_session_limit_seconds seconds later longest session of the responses API
        pass_through_endpoints list later paths that are handed on to another address
        enable_openai_websocket_passthrough flag later hand OpenAI's web sockets on
        vertex_ai_pass_through_drop_anthropic_betas list later beta headers kept from Vertex
        transcribe_media_buckets list later buckets that transcriptions may use
        user_header_name text now the header that names the customer of a request; user_header_mappings go before it
        user_header_mappings any now headers that name users; those of customers are acted on
        supported_db_objects list later what is read from the database
        self_serve_budget_policy text later whether owners may change budgets
        user_mcp_management_mode text later what users see of MCP servers
        store_prompts_in_spend_logs flag later keep prompts and answers in the spend log
        claude_code_marketplace_auth_required flag later a key for the marketplace
        disable_requester_ip_address_logging flag later keep no addresses of clients
        spend_logs_metadata_fields any later which metadata the spend log keeps
        disable_auto_add_proxy_admin_to_teams flag later admins do not join the teams they make
        enforce_fallback_model_access flag later fallbacks need permission for the model
        disable_fallbacks_on_per_model_rate_limits flag later no fallback when a limit is reached
        scheduled_job_stagger any later spread background jobs over time
        spend_capture_rate_check any later compare the recorded cost with the provider's bill
        maximum_spend_logs_retention_period text later how long the spend log is kept
        maximum_autorouter_session_retention_period text later how long sessions of the auto router are kept
        maximum_health_check_retention_period text later how long health results are kept
        maximum_daily_tag_spend_retention_period text later how long daily sums of tags are kept
        maximum_spend_logs_size text later size of the spend log at which old entries go
        maximum_spend_logs_cleanup_target_size text later size down to which they go
        maximum_spend_logs_size_check_interval text later how often that size is looked at
        use_spend_logs_partitioning flag later remove old entries as whole partitions
        maximum_spend_logs_cleanup_batch_size count later entries removed at once
        maximum_spend_logs_cleanup_max_batches count later removals in one run
        maximum_spend_logs_cleanup_run_budget text later longest run of the cleaning
        maximum_spend_logs_cleanup_batch_timeout text later longest single removal
        mcp_internal_ip_ranges list later addresses that count as internal for MCP
        mcp_advertised_versions any later revisions of MCP that are offered
        mcp_disabled_capabilities list later parts of MCP that are not offered
        mcp_allowed_clients list later applications that may use MCP
        mcp_require_explicit_server_scope flag later MCP requests must name their servers
        mcp_client_id_header text later the header that names an MCP application
        mcp_trusted_proxy_ranges list later proxies whose forwarded addresses count for MCP
        mcp_xff_num_trusted_hops count later how many such proxies there are
        mcp_prefer_client_id_metadata_document flag later how the gateway names itself to MCP servers
        trusted_proxy_ranges list now proxies whose X-Forwarded-For counts
        store_model_in_db flag now keep models in the database
        forward_client_headers_to_llm_api flag now send the client's headers on to the provider
        mcp_required_fields list later fields that an MCP server must fill in
        password_policy_min_length count later shortest password
        password_policy_require_uppercase flag later a password needs a capital letter
        password_policy_require_lowercase flag later a password needs a small letter
        password_policy_require_numbers flag later a password needs a digit
        password_policy_require_special_characters flag later a password needs a sign
        disable_password_login_when_sso_enabled flag later single sign-on only
        disable_responses_id_security flag later anyone may use any response id
        allow_unmanaged_response_ids flag later response ids from elsewhere are taken
        disable_env_credential_login flag later no sign-in with credentials from the environment
        disable_budget_reservation flag later no reserving of a budget before the request
        apply_user_budget_to_team_keys flag later a user's budget counts for team keys too
        agent_access_default_deny flag later agents need a permission
        user_url_validation flag later check addresses that clients send
        user_url_allowed_hosts list later hosts that such addresses may always have
        provider_url_destination_allowed_hosts list later hosts to which a provider call may be sent
        admin_only_routes list later paths for admins alone
        alert_type_config any later settings for each kind of alert
        allow_client_side_credentials flag later clients may bring the provider's key
        allow_public_health_readiness_details any later tell everyone the details of readiness
        allow_requests_on_db_unavailable any now serve while the database is away
        allow_user_auth any later users may sign in
        allowed_ips list now addresses that may call
        always_include_stream_usage any later every stream ends with its usage
        auto_redirect_ui_login_to_sso any later sign-in goes to single sign-on at once
        custom_auth_run_common_checks any later check budgets after custom_auth too
        custom_key_generate any later Python code that makes keys
        custom_key_policy any later Python code that checks new keys
        custom_key_update any later Python code that checks changed keys
        custom_sso any later Python code for single sign-on
        custom_team_metadata_validate any later Python code that checks a team's metadata
        custom_ui_sso_sign_in_handler any later Python code for sign-in to the admin pages
        database_connection_pool_timeout number now longest wait for one of them
        default_team_disabled any later users without a team may not make keys
        disable_batch_input_file_rate_limiting any later batch files do not count for limits
        disable_bedrock_agent_runtime_passthrough any later no pass-through to Bedrock's agents
        disable_custom_api_keys any now keys are always made here
        disable_key_generate_for_org_admin any later organization admins may not make keys
        disable_master_key_return flag later never show the master key in the admin pages
        disable_model_info_refresh any later do not read model facts again
        disable_prisma_schema_update any later leave the database's schema alone
        disable_reset_budget any later budgets never begin anew
        disable_retry_on_max_parallel_request_limit_error any later no retry when too many requests run at once
        disable_spend_logs flag later keep no spend log
        disable_spend_updates any later do not add costs up
        drain_endpoint_token any later the token for draining
        enable_drain_endpoint any later a path that drains the gateway
        enable_health_check_routing any now pass over unhealthy deployments
        enable_jwt_auth flag now take JSON web tokens as keys
        enable_mcp_registry any later a public list of MCP servers
        enable_oauth2_auth any later take OAuth tokens as keys
        enable_oauth2_proxy_auth any later trust identity headers of a proxy
        enforce_rbac any later permissions by role
        enforce_user_param flag later requests must name their end user
        enforced_params list later parameters that requests must have
        expose_fallback_errors_to_caller any later tell the client why fallbacks failed
        fail_closed_budget_enforcement any later refuse requests while budgets cannot be checked
        forward_llm_provider_auth_headers any later send the client's provider key on
        forward_openai_org_id any later send the client's organization on
        health_check_details flag now /health shows the parameters of each backend; true if left out
        health_check_ignore_transient_errors flag now 408 and 429 leave a deployment healthy
        health_check_staleness_threshold seconds now age at which a result no longer counts
        hide_default_credentials_hint any later no hint of the first password
        key_management_settings map later settings of that secret store
        litellm_jwtauth any now which claims mean what
        litellm_license any later the licence of LiteLLM, without a meaning here
        maximum_spend_logs_cleanup_cron any later when the spend log is cleaned
        maximum_spend_logs_retention_interval any later how often old entries are removed
        mcp_allow_all_keys_respects_mcp_scope any later servers for all keys still follow scopes
        mcp_client_side_auth_header_name any later the header with the client's MCP credential
        mcp_session_token_signing any later how MCP session tokens are signed
        oauth2_config_mappings any later which header means what
        passthrough_managed_object_ids any later ids of objects made on pass-through paths
        password_policy_check_breached_passwords any later refuse passwords that are known to be stolen
        proxy_batch_polling_interval any later how often batches are looked at
        proxy_batch_write_at count later seconds between two writes of costs
        proxy_budget_rescheduler_max_time any later longest time between looks at budgets
        proxy_budget_rescheduler_min_time any later shortest time between looks at budgets
        public_routes list later paths that need no key
        require_end_user_mcp_access_defined any later end users need a permission for MCP
        require_key_mcp_access_defined any later keys need a permission for MCP
        role_permissions list now what tokens of identity providers may do by their role: {role, models, routes}
        search_tools any later search services
        service_account_settings any later settings for keys of services
        skip_batch_input_file_rate_limiting_for_models any later models whose batches do not count
        skip_batch_input_file_rate_limiting_for_providers any later providers whose batches do not count
        spend_report_frequency any later how often costs are reported
        team_metadata_schema any later the form of a team's metadata
        team_metadata_validation_error_message any later what is said when it does not fit
        team_metadata_validation_timeout any later longest check of it
        token_rate_limit_type any later whether prompt, answer or both count for limits
        tracing any later traces
        track_unmanaged_batch_cost any later count batches that were made elsewhere
        use_redis_transaction_buffer any later gather costs in Redis before writing
        use_shared_health_check any later replicas share their results
        use_team_public_model_name any later name team models by their public name
        use_x_forwarded_for flag now take the client's address from the header
        user_api_key_cache_ttl any later how long a key is kept in memory
        """

    static let coordinationRedis = """
        host text now its host
        port port now its port; 6379 if left out
        password text now its password
        username text now its user
        url text now redis://…, rediss://… or unix://…
        ssl flag now whether it speaks TLS
        db count now its database
        startup_nodes any now some nodes of a cluster
        sentinel_nodes any now sentinels
        sentinel_password text now the password of the sentinels
        service_name text now what the sentinels call the primary
        namespace text now a prefix for its keys
        aws_iam_auth any later sign in by AWS
        aws_iam_user_name text later the user at AWS
        aws_iam_cache_name text later the cache at AWS
        aws_iam_region text later the region at AWS
        aws_iam_serverless any later whether it is serverless
        """
}
