// A tensor's value without its gradient, as torch.Tensor.detach.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../tensor";

export function detach<Value extends Tensor>(value: Value): Value {
  const stop = tensorflow().customGrad((...given) => ({
    value: (given[0] as Tensor).clone(),
    gradFunc: (upstream: Tensor) => upstream.zerosLike(),
  }));
  return stop(value) as Value;
}
