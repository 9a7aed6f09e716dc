function g(n,e,i,r=()=>({})){return{id:i,page:({filter:u,sort:a,cursor:t,limit:l,signal:o})=>{const c={...r(u,a),limit:String(Math.min(l,200)),...t?{cursor:t}:{}};return n(e,c,o)}}}export{g as l};
