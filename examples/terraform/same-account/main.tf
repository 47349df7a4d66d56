# The walkthrough within one account.

terraform {
  required_providers {
    alicloud = {
      source  = "aliyun/alicloud"
      version = ">= 1.246.0"
    }
  }
}

variable "endpoint" {
  description = "host:port of the API, as postern up prints it, without https://"
  type        = string
  default     = "127.0.0.1:7080"
}

variable "key" {
  description = "access key of the account"
  type        = object({ access_key = string, secret_key = string })
  sensitive   = true
}

provider "alicloud" {
  region       = "eu-central-1"
  account_type = "Domestic"
  access_key   = var.key.access_key
  secret_key   = var.key.secret_key
  # An endpoints block must name every product: one that it leaves out would be looked for in the cloud.
  endpoints {
    bssopenapi      = var.endpoint
    ecs             = var.endpoint
    location        = var.endpoint
    nlb             = var.endpoint
    privatelink     = var.endpoint
    ram             = var.endpoint
    resourcemanager = var.endpoint
    slb             = var.endpoint
    sts             = var.endpoint
    tag             = var.endpoint
    vpc             = var.endpoint
  }
}

# The consumer: VPC1 with ECS1.

resource "alicloud_vpc" "vpc1" {
  vpc_name   = "VPC1"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "client" {
  vswitch_name = "client"
  vpc_id       = alicloud_vpc.vpc1.id
  cidr_block   = "10.0.0.0/24"
  zone_id      = "eu-central-1b"
}

resource "alicloud_security_group" "client" {
  security_group_name = "client"
  vpc_id              = alicloud_vpc.vpc1.id
}

resource "alicloud_instance" "ecs1" {
  instance_name   = "ECS1"
  host_name       = "ECS1"
  image_id        = "postern_sandbox"
  instance_type   = "ecs.t5-lc2m1.nano"
  vswitch_id      = alicloud_vswitch.client.id
  private_ip      = "10.0.0.182"
  security_groups = [alicloud_security_group.client.id]
}

# The provider: VPC2 with ECS2 and ECS3 behind a CLB.

resource "alicloud_vpc" "vpc2" {
  vpc_name   = "VPC2"
  cidr_block = "192.168.0.0/16"
}

resource "alicloud_vswitch" "application" {
  vswitch_name = "application"
  vpc_id       = alicloud_vpc.vpc2.id
  cidr_block   = "192.168.20.0/24"
  zone_id      = "eu-central-1b"
}

resource "alicloud_security_group" "application" {
  security_group_name = "application"
  vpc_id              = alicloud_vpc.vpc2.id
}

resource "alicloud_security_group_rule" "http" {
  security_group_id = alicloud_security_group.application.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "80/80"
  cidr_ip           = "0.0.0.0/0"
  policy            = "accept"
  priority          = 1
}

resource "alicloud_instance" "ecs2" {
  instance_name   = "ECS2"
  host_name       = "ECS2"
  image_id        = "postern_sandbox"
  instance_type   = "ecs.t5-lc2m1.nano"
  vswitch_id      = alicloud_vswitch.application.id
  private_ip      = "192.168.20.200"
  security_groups = [alicloud_security_group.application.id]
  user_data       = filebase64("${path.module}/../../http-server.pl")
}

resource "alicloud_instance" "ecs3" {
  instance_name   = "ECS3"
  host_name       = "ECS3"
  image_id        = "postern_sandbox"
  instance_type   = "ecs.t5-lc2m1.nano"
  vswitch_id      = alicloud_vswitch.application.id
  private_ip      = "192.168.20.201"
  security_groups = [alicloud_security_group.application.id]
  user_data       = filebase64("${path.module}/../../http-server.pl")
}

resource "alicloud_slb_load_balancer" "application" {
  load_balancer_name = "application"
  address_type       = "intranet"
  load_balancer_spec = "slb.s1.small"
  payment_type       = "PayAsYouGo"
  vswitch_id         = alicloud_vswitch.application.id
  master_zone_id     = "eu-central-1b"
  slave_zone_id      = "eu-central-1a"
}

resource "alicloud_slb_backend_server" "application" {
  load_balancer_id = alicloud_slb_load_balancer.application.id

  backend_servers {
    server_id = alicloud_instance.ecs2.id
    weight    = 100
  }

  backend_servers {
    server_id = alicloud_instance.ecs3.id
    weight    = 100
  }
}

resource "alicloud_slb_listener" "http" {
  load_balancer_id  = alicloud_slb_load_balancer.application.id
  protocol          = "tcp"
  frontend_port     = 80
  backend_port      = 80
  health_check_type = "tcp"
}

# The endpoint service.

resource "alicloud_privatelink_vpc_endpoint_service" "application" {
  service_description    = "The application of ECS2 and ECS3"
  auto_accept_connection = false
  zone_affinity_enabled  = true
}

resource "alicloud_privatelink_vpc_endpoint_service_resource" "application" {
  service_id    = alicloud_privatelink_vpc_endpoint_service.application.id
  resource_id   = alicloud_slb_load_balancer.application.id
  resource_type = "slb"

  depends_on = [alicloud_slb_listener.http]
}

# The endpoint, and the owner's word that it may connect.

resource "alicloud_security_group" "endpoint" {
  security_group_name = "endpoint"
  vpc_id              = alicloud_vpc.vpc1.id
}

resource "alicloud_security_group_rule" "endpoint" {
  security_group_id = alicloud_security_group.endpoint.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "80/80"
  cidr_ip           = "10.0.0.0/16"
  policy            = "accept"
  priority          = 1
}

resource "alicloud_privatelink_vpc_endpoint" "application" {
  vpc_endpoint_name  = "application"
  vpc_id             = alicloud_vpc.vpc1.id
  service_id         = alicloud_privatelink_vpc_endpoint_service.application.id
  security_group_ids = [alicloud_security_group.endpoint.id]
}

resource "alicloud_privatelink_vpc_endpoint_zone" "b" {
  endpoint_id = alicloud_privatelink_vpc_endpoint.application.id
  vswitch_id  = alicloud_vswitch.client.id
  zone_id     = "eu-central-1b"

  # A zone is added where the service has a resource.
  depends_on = [alicloud_privatelink_vpc_endpoint_service_resource.application]
}

resource "alicloud_privatelink_vpc_endpoint_connection" "application" {
  service_id  = alicloud_privatelink_vpc_endpoint_service.application.id
  endpoint_id = alicloud_privatelink_vpc_endpoint.application.id
  bandwidth   = 1024

  depends_on = [alicloud_privatelink_vpc_endpoint_zone.b]
}

output "endpoint_domain" {
  description = "What ECS1 opens: postern exec <ecs1> -- curl http://<endpoint_domain>"
  value       = alicloud_privatelink_vpc_endpoint.application.endpoint_domain
}

output "ecs1" {
  value = alicloud_instance.ecs1.id
}
