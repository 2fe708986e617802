(d=>{d.js="";try{const t=localStorage.theme;if(/^(light|dark)$/.test(t))d.theme=t}catch{}})(document.documentElement.dataset)
addEventListener("focusin",e=>{const m=e.target.dataset?.module;m&&import(m)})
