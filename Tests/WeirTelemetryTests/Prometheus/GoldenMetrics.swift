/// The whole text of one served request and one refused.
let goldenMetrics = #"""
    # HELP litellm_proxy_total_requests_metric_total Requests to the gateway.
    # TYPE litellm_proxy_total_requests_metric_total counter
    litellm_proxy_total_requests_metric_total{end_user="None",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",requested_model="gpt",team="None",team_alias="None",user="None",status_code="200",user_email="None",route="/v1/chat/completions",client_ip="",user_agent="",model_id="dep-1",api_provider="openai"} 1
    litellm_proxy_total_requests_metric_total{end_user="None",hashed_api_key="None",api_key_alias="None",requested_model="unknown",team="None",team_alias="None",user="None",status_code="401",user_email="None",route="/v1/chat/completions",client_ip="",user_agent="",model_id="None",api_provider="None"} 1
    # HELP litellm_proxy_failed_requests_metric_total Requests to the gateway that failed; those whose client left are not among them.
    # TYPE litellm_proxy_failed_requests_metric_total counter
    litellm_proxy_failed_requests_metric_total{end_user="None",hashed_api_key="None",api_key_alias="None",requested_model="unknown",team="None",team_alias="None",user="None",user_email="None",exception_status="401",exception_class="ProxyException",route="/v1/chat/completions",client_ip="",user_agent="",model_id="None",api_provider="None"} 1
    # HELP litellm_requests_metric_total Requests that a deployment served.
    # TYPE litellm_requests_metric_total counter
    litellm_requests_metric_total{end_user="None",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model="gpt-4o",team="None",team_alias="None",user="None",user_email="None",client_ip="",user_agent="",requested_model="gpt",model_id="dep-1",api_provider="openai"} 1
    # HELP weir_requests_ended_total Requests by how they ended and what went wrong.
    # TYPE weir_requests_ended_total counter
    weir_requests_ended_total{ending="complete",fault=""} 1
    weir_requests_ended_total{ending="complete",fault="keyMissing"} 1
    # HELP litellm_request_latency_seconds From a request's first byte to its reply's last.
    # TYPE litellm_request_latency_seconds histogram
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="0.005"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="0.01"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="0.025"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="0.05"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="0.1"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="0.25"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="0.5"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="1.0"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="2.0"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="5.0"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="10.0"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="30.0"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="60.0"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="120.0"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="300.0"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="420.0"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="600.0"} 1
    litellm_request_latency_seconds_bucket{model_group="None",status_code="401",le="+Inf"} 1
    litellm_request_latency_seconds_sum{model_group="None",status_code="401"} 0.001
    litellm_request_latency_seconds_count{model_group="None",status_code="401"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="0.005"} 0
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="0.01"} 0
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="0.025"} 0
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="0.05"} 0
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="0.1"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="0.25"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="0.5"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="1.0"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="2.0"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="5.0"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="10.0"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="30.0"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="60.0"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="120.0"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="300.0"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="420.0"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="600.0"} 1
    litellm_request_latency_seconds_bucket{model_group="gpt",status_code="200",le="+Inf"} 1
    litellm_request_latency_seconds_sum{model_group="gpt",status_code="200"} 0.06
    litellm_request_latency_seconds_count{model_group="gpt",status_code="200"} 1
    # HELP litellm_request_total_latency_metric From a request's first byte to its reply's last, in seconds, where a deployment served it.
    # TYPE litellm_request_total_latency_metric histogram
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.005"} 0
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.01"} 0
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.025"} 0
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.05"} 0
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.1"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.25"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.5"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="1.0"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="2.0"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="5.0"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="10.0"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="30.0"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="60.0"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="120.0"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="300.0"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="420.0"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="600.0"} 1
    litellm_request_total_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="+Inf"} 1
    litellm_request_total_latency_metric_sum{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None"} 0.06
    litellm_request_total_latency_metric_count{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None"} 1
    # HELP litellm_llm_api_latency_metric The part of a request that its upstream was waited for, in seconds.
    # TYPE litellm_llm_api_latency_metric histogram
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.005"} 0
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.01"} 0
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.025"} 0
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.05"} 0
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.1"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.25"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="0.5"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="1.0"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="2.0"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="5.0"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="10.0"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="30.0"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="60.0"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="120.0"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="300.0"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="420.0"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="600.0"} 1
    litellm_llm_api_latency_metric_bucket{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None",le="+Inf"} 1
    litellm_llm_api_latency_metric_sum{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None"} 0.05998
    litellm_llm_api_latency_metric_count{model_group="gpt",model="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",requested_model="gpt",end_user="None",user="None",model_id="dep-1",api_provider="openai",service_tier="None"} 1
    # HELP litellm_overhead_latency_metric What the gateway added to a request, in seconds.
    # TYPE litellm_overhead_latency_metric histogram
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="0.005"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="0.01"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="0.025"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="0.05"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="0.1"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="0.25"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="0.5"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="1.0"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="2.0"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="5.0"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="10.0"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="30.0"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="60.0"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="120.0"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="300.0"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="420.0"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="600.0"} 1
    litellm_overhead_latency_metric_bucket{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1",le="+Inf"} 1
    litellm_overhead_latency_metric_sum{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1"} 0.00002
    litellm_overhead_latency_metric_count{model_group="gpt",api_provider="openai",api_base="http://127.0.0.1:9/v1",litellm_model_name="gpt-4o",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model_id="dep-1"} 1
    # HELP litellm_spend_metric_total What requests cost, in US dollars.
    # TYPE litellm_spend_metric_total counter
    litellm_spend_metric_total{end_user="None",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model="gpt-4o",team="None",team_alias="None",user="None",user_email="None",client_ip="",user_agent="",requested_model="gpt",model_id="dep-1",api_provider="openai",service_tier="None"} 0.0000204
    # HELP litellm_total_tokens_metric_total Tokens of prompts and answers.
    # TYPE litellm_total_tokens_metric_total counter
    litellm_total_tokens_metric_total{end_user="None",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model="gpt-4o",team="None",team_alias="None",user="None",user_email="None",requested_model="gpt",model_id="dep-1",api_provider="openai"} 20
    # HELP litellm_input_tokens_metric_total Tokens of prompts.
    # TYPE litellm_input_tokens_metric_total counter
    litellm_input_tokens_metric_total{end_user="None",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model="gpt-4o",team="None",team_alias="None",user="None",user_email="None",requested_model="gpt",model_id="dep-1",api_provider="openai"} 12
    # HELP litellm_output_tokens_metric_total Tokens of answers.
    # TYPE litellm_output_tokens_metric_total counter
    litellm_output_tokens_metric_total{end_user="None",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model="gpt-4o",team="None",team_alias="None",user="None",user_email="None",requested_model="gpt",model_id="dep-1",api_provider="openai"} 8
    # HELP litellm_input_cached_tokens_metric_total Tokens of prompts that the provider had cached.
    # TYPE litellm_input_cached_tokens_metric_total counter
    litellm_input_cached_tokens_metric_total{end_user="None",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model="gpt-4o",team="None",team_alias="None",user="None",user_email="None",requested_model="gpt",model_id="dep-1",api_provider="openai"} 4
    # HELP litellm_output_reasoning_tokens_metric_total Tokens of answers that were reasoning.
    # TYPE litellm_output_reasoning_tokens_metric_total counter
    litellm_output_reasoning_tokens_metric_total{end_user="None",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",model="gpt-4o",team="None",team_alias="None",user="None",user_email="None",requested_model="gpt",model_id="dep-1",api_provider="openai"} 2
    # HELP litellm_deployment_total_requests_total Requests that ended at this deployment.
    # TYPE litellm_deployment_total_requests_total counter
    litellm_deployment_total_requests_total{model_group="gpt",requested_model="gpt",litellm_model_name="gpt-4o",model_id="dep-1",api_base="http://127.0.0.1:9/v1",api_provider="openai",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",client_ip="",user_agent=""} 1
    # HELP litellm_deployment_success_responses_total Requests that this deployment served.
    # TYPE litellm_deployment_success_responses_total counter
    litellm_deployment_success_responses_total{model_group="gpt",requested_model="gpt",litellm_model_name="gpt-4o",model_id="dep-1",api_base="http://127.0.0.1:9/v1",api_provider="openai",hashed_api_key="0123456789abcdef0123456789abcdef",api_key_alias="team blue",team="None",team_alias="None",client_ip="",user_agent=""} 1
    # HELP litellm_in_flight_requests Requests that are being served.
    # TYPE litellm_in_flight_requests gauge
    litellm_in_flight_requests 0
    # HELP litellm_deployment_state State of the deployment: 0 healthy, 1 partial outage, 2 complete outage.
    # TYPE litellm_deployment_state gauge
    litellm_deployment_state{litellm_model_name="gpt-4o",model_id="dep-1",api_base="http://127.0.0.1:9/v1",api_provider="openai"} 0
    # HELP weir_overhead_seconds What the gateway added to requests that went to an upstream.
    # TYPE weir_overhead_seconds histogram
    weir_overhead_seconds_bucket{le="1e-05"} 0
    weir_overhead_seconds_bucket{le="2.5e-05"} 1
    weir_overhead_seconds_bucket{le="5e-05"} 1
    weir_overhead_seconds_bucket{le="0.0001"} 1
    weir_overhead_seconds_bucket{le="0.00025"} 1
    weir_overhead_seconds_bucket{le="0.0005"} 1
    weir_overhead_seconds_bucket{le="0.001"} 1
    weir_overhead_seconds_bucket{le="0.0025"} 1
    weir_overhead_seconds_bucket{le="0.005"} 1
    weir_overhead_seconds_bucket{le="0.01"} 1
    weir_overhead_seconds_bucket{le="0.025"} 1
    weir_overhead_seconds_bucket{le="0.05"} 1
    weir_overhead_seconds_bucket{le="0.1"} 1
    weir_overhead_seconds_bucket{le="0.25"} 1
    weir_overhead_seconds_bucket{le="1.0"} 1
    weir_overhead_seconds_bucket{le="5.0"} 1
    weir_overhead_seconds_bucket{le="30.0"} 1
    weir_overhead_seconds_bucket{le="+Inf"} 1
    weir_overhead_seconds_sum 0.00002
    weir_overhead_seconds_count 1
    # HELP weir_event_loop_lag_seconds How late the event loops came to their work.
    # TYPE weir_event_loop_lag_seconds histogram
    weir_event_loop_lag_seconds_bucket{le="1e-05"} 0
    weir_event_loop_lag_seconds_bucket{le="2.5e-05"} 0
    weir_event_loop_lag_seconds_bucket{le="5e-05"} 0
    weir_event_loop_lag_seconds_bucket{le="0.0001"} 0
    weir_event_loop_lag_seconds_bucket{le="0.00025"} 0
    weir_event_loop_lag_seconds_bucket{le="0.0005"} 0
    weir_event_loop_lag_seconds_bucket{le="0.001"} 0
    weir_event_loop_lag_seconds_bucket{le="0.0025"} 0
    weir_event_loop_lag_seconds_bucket{le="0.005"} 0
    weir_event_loop_lag_seconds_bucket{le="0.01"} 0
    weir_event_loop_lag_seconds_bucket{le="0.025"} 0
    weir_event_loop_lag_seconds_bucket{le="0.05"} 0
    weir_event_loop_lag_seconds_bucket{le="0.1"} 0
    weir_event_loop_lag_seconds_bucket{le="0.25"} 0
    weir_event_loop_lag_seconds_bucket{le="1.0"} 0
    weir_event_loop_lag_seconds_bucket{le="5.0"} 0
    weir_event_loop_lag_seconds_bucket{le="30.0"} 0
    weir_event_loop_lag_seconds_bucket{le="+Inf"} 0
    weir_event_loop_lag_seconds_sum 0
    weir_event_loop_lag_seconds_count 0
    # HELP weir_metrics_series Label sets that requests are counted under.
    # TYPE weir_metrics_series gauge
    weir_metrics_series 2
    # HELP weir_metrics_overflow_requests_total Requests counted under the label value other, because there were too many label sets.
    # TYPE weir_metrics_overflow_requests_total counter
    weir_metrics_overflow_requests_total 0
    # HELP weir_upstream_connections Connections to upstreams, by what they do.
    # TYPE weir_upstream_connections gauge
    weir_upstream_connections{state="busy"} 0
    weir_upstream_connections{state="connecting"} 0
    weir_upstream_connections{state="idle"} 0
    # HELP weir_upstream_connects_total Connections to upstreams that were opened.
    # TYPE weir_upstream_connects_total counter
    weir_upstream_connects_total 0
    # HELP weir_upstream_connect_failures_total Tries to connect to an upstream that failed.
    # TYPE weir_upstream_connect_failures_total counter
    weir_upstream_connect_failures_total 0
    # HELP weir_client_connections Clients that are connected.
    # TYPE weir_client_connections gauge
    weir_client_connections 0
    # HELP weir_log_lines_dropped_total Lines of the access log that were dropped, because the sink was slow or gone.
    # TYPE weir_log_lines_dropped_total counter
    weir_log_lines_dropped_total 3
    # HELP weir_config_reloads_total Reloads of the configuration, by how they ended.
    # TYPE weir_config_reloads_total counter
    weir_config_reloads_total{result="failure"} 1
    weir_config_reloads_total{result="success"} 2
    # HELP weir_config_last_reload_error 1 when the last reload failed and the configuration before it is in force.
    # TYPE weir_config_last_reload_error gauge
    weir_config_last_reload_error{reason="invalid"} 1
    # HELP weir_config_last_reload_success_timestamp_seconds When the configuration in force was taken.
    # TYPE weir_config_last_reload_success_timestamp_seconds gauge
    weir_config_last_reload_success_timestamp_seconds 1772323199
    # HELP weir_build_info What was built, as labels; always 1.
    # TYPE weir_build_info gauge
    weir_build_info{version="1.2.3",commit="abc",swift="6.3"} 1
    # HELP weir_uptime_seconds Time since the start.
    # TYPE weir_uptime_seconds gauge
    weir_uptime_seconds 1.5

    """#
